package sago.common.durable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/**
 * What the rest of the program does with files: whole files that appear at once, folders and names that survive a power loss. Every method
 * that changes something has forced it when it returns.
 *
 * <p>Files that grow in place are not reserved on the disk in advance: Java reaches no {@code fallocate}, writing zeros first doubles
 * what a disk must take, and setting the length only makes a hole. Whoever receives large files counts what is open
 * as taken ({@code receiver.store} does, in its watermark), so that a full disk is met before a write rather than at one; and a
 * write that meets it all the same fails with an exception, because nothing is memory-mapped but what {@link #allocate} has filled.
 *
 * <p>Immutable, thread-safe as the disk is.
 */
public final class DurableFiles {
    private static final int ZEROS_BYTES = 64 << 10;

    private final Disk disk;

    public DurableFiles(Disk disk) {
        this.disk = disk;
    }

    public Disk disk() {
        return disk;
    }

    /** Replaces or creates a file, readable by the owner only, so that after any crash it is the old one or the new one. */
    public void atomicWrite(Path path, byte[] bytes) throws IOException {
        atomicWrite(path, bytes, FileAccess.PRIVATE);
    }

    /** The same with chosen access. */
    public void atomicWrite(Path path, byte[] bytes, FileAccess access) throws IOException {
        try (DraftFile draft = draft(path, access)) {
            draft.write(ByteBuffer.wrap(bytes));
            draft.publish();
        }
    }

    /**
     * Replaces or creates many small files of one folder, readable by the owner only: each is the old one or the new one after any crash, all are
     * durable at the end. The folder is forced once for all of them.
     */
    public void atomicWriteAll(Path folder, Map<String, byte[]> files) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            try (DraftFile draft = draft(folder.resolve(file.getKey()), FileAccess.PRIVATE)) {
                draft.write(ByteBuffer.wrap(file.getValue()));
                draft.appear();
            }
        }
        disk.forceFolder(folder);
    }

    /** Deletes files of one folder, which must be there; the folder is forced once for all of them. */
    public void deleteAll(Path folder, Collection<String> names) throws IOException {
        for (String name : names) {
            disk.delete(folder.resolve(name));
        }
        if (!names.isEmpty()) {
            disk.forceFolder(folder);
        }
    }

    /** Starts a file that is written in pieces and appears only when published. */
    public DraftFile draft(Path path, FileAccess access) throws IOException {
        return new DraftFile(disk, path, access);
    }

    /** Creates an empty file, which must not exist; its name is durable, its bytes are once they are forced. */
    public DiskFile create(Path path, FileAccess access) throws IOException {
        return named(path, disk.create(path, access));
    }

    /** The same, for a file as {@link Disk#createPastCache} describes it. */
    public DiskFile createPastCache(Path path, FileAccess access) throws IOException {
        return named(path, disk.createPastCache(path, access));
    }

    private DiskFile named(Path path, DiskFile file) throws IOException {
        try {
            disk.forceFolder(folderOf(path));
            return file;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** Creates a folder and its missing parents. A folder that is there already stays as it is. For one thread: another
     * that finds the folder there may not rely on its name yet. */
    public void createFolders(Path folder, FileAccess access) throws IOException {
        Deque<Path> missing = new ArrayDeque<>();
        for (Path at = folder.toAbsolutePath(); at != null && !disk.exists(at); at = at.getParent()) {
            missing.push(at);
        }
        for (Path next : missing) {
            disk.createFolder(next, access);
            disk.forceFolder(folderOf(next));
        }
    }

    /** Deletes a file or an empty folder; nothing happens where there is none. */
    public void delete(Path path) throws IOException {
        if (disk.exists(path)) {
            disk.delete(path);
            disk.forceFolder(folderOf(path));
        }
    }

    /** Deletes a file, or a folder with all that it holds; links are deleted, not followed. Nothing happens where there is none. */
    public void deleteTree(Path path) throws IOException {
        if (disk.isFolder(path)) {
            for (String name : disk.list(path)) {
                deleteTree(path.resolve(name));
            }
        }
        delete(path);
    }

    /**
     * Lengthens a file with zeros that are really written, so that the disk has given the room and a map of it may be touched: in a hole, a
     * full disk would end the process. File systems that write every change to a new place promise nothing of the kind. What was
     * written before a failure stays; calling again goes on from there.
     *
     * @throws FaultException HOME_FULL where there is no room
     */
    public void allocate(Path path, DiskFile file, long bytes) throws IOException {
        try {
            ByteBuffer zeros = ByteBuffer.allocate(ZEROS_BYTES);
            for (long at = file.size(); at < bytes; at = file.size()) {
                file.writeFully(zeros.clear().limit((int) Math.min(ZEROS_BYTES, bytes - at)), at);
            }
        } catch (IOException e) {
            if (NoSpace.is(e, disk, folderOf(path))) {
                throw new FaultException(
                        Fault.HOME_FULL, "the disk of " + folderOf(path) + " is full: make room there, then go on", e);
            }
            throw e;
        }
    }

    /** Deletes the drafts that a crash left in a folder. Called when a folder is opened, before anything writes there. */
    public void deleteDrafts(Path folder) throws IOException {
        boolean deleted = false;
        for (String name : disk.list(folder)) {
            if (name.endsWith(DraftFile.SUFFIX)) {
                disk.delete(folder.resolve(name));
                deleted = true;
            }
        }
        if (deleted) {
            disk.forceFolder(folder);
        }
    }

    /** Renames within one folder; what has the new name is replaced. The file's bytes must have been forced by whoever wrote them. */
    public void move(Path from, Path to) throws IOException {
        disk.move(from, to);
        disk.forceFolder(folderOf(to));
    }

    /** Names in a folder, sorted. */
    public List<String> list(Path folder) throws IOException {
        return disk.list(folder);
    }

    public boolean exists(Path path) {
        return disk.exists(path);
    }

    /**
     * The bytes of a small file.
     *
     * @throws FaultException LIMIT where it is longer than {@code bytesMax}, before memory is taken
     */
    public byte[] read(Path path, int bytesMax) throws IOException {
        try (DiskFile file = disk.openRead(path)) {
            long size = file.size();
            if (size > bytesMax) {
                throw new FaultException(
                        Fault.LIMIT, path + " has " + size + " bytes, more than the " + bytesMax + " that it may have");
            }
            byte[] bytes = new byte[(int) size];
            file.readFully(ByteBuffer.wrap(bytes), 0);
            return bytes;
        }
    }

    /** The folder that holds this path. */
    public static Path folderOf(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException("no folder holds " + path);
        }
        return parent;
    }
}
