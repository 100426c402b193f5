package sago.common.durable;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/**
 * A disk in memory that keeps only its promises: {@link #crash} gives the disk as a power loss may leave it, in which each
 * block written and each name changed since the last force is kept or lost by the seed. Fails at a chosen operation; counts and records
 * operations. Thread-safe by one monitor.
 */
public final class SimDisk implements Disk {
    /** What happens at the chosen operation. */
    public enum Failure {
        /** An input or output error: nothing of the operation is done; a force loses what it should have made durable. */
        EIO,
        /** No room: nothing of the operation is done. */
        ENOSPC,
        /** A write is done in part and the next one finds no room; other operations fail as with ENOSPC. */
        SHORT_WRITE,
        /** Power loss: a write may be done in part, and nothing works from then on. */
        CRASH
    }

    final TreeMap<Path, SimFolder> folders = new TreeMap<>();
    private final Set<Path> locked = new HashSet<>();
    private final List<String> record = new ArrayList<>();
    private long failAt = -1;
    private @Nullable Failure failure;
    private boolean noRoomNext;
    private boolean off;
    private boolean ignoresForce;
    private long capacity = 1L << 40;

    /** A disk on which this folder and those above it exist. */
    public SimDisk(Path root) {
        for (Path at = root.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
            folders.put(at, new SimFolder());
        }
        folders.forEach((path, folder) -> linkFolder(path));
    }

    private SimDisk() {}

    private void linkFolder(Path path) {
        Path parent = path.getParent();
        if (parent != null) {
            folder(parent).linkDurably(path.getFileName().toString());
        }
    }

    /** Lets the n-th changing operation from now on (0 is the next) fail; later ones work, after CRASH none does. */
    public synchronized void failAt(long n, Failure how) {
        failAt = record.size() + n;
        failure = how;
    }

    /** For negative controls: every force succeeds and does nothing. */
    public synchronized void ignoreForce() {
        ignoresForce = true;
    }

    /** Room for the bytes of all files. */
    public synchronized void setCapacity(long bytes) {
        capacity = bytes;
    }

    /** Changing operations so far, such as {@code write /s/journal/1 +100}. */
    public synchronized List<String> operations() {
        return List.copyOf(record);
    }

    /** Flips one bit of what is stored, as a disk that decays does. */
    public synchronized void flip(Path path, long bit) {
        file(path).flip(bit);
    }

    /** Whether the power is off: a CRASH was met. */
    public synchronized boolean isOff() {
        return off;
    }

    /** The disk after a power loss at this moment; this one works no more. */
    public synchronized SimDisk crash(long seed) {
        off = true;
        Random random = new Random(seed);
        int block = random.nextBoolean() ? 512 : 4096;
        SimDisk after = new SimDisk();
        after.capacity = capacity;
        folders.forEach((path, folder) -> after.folders.put(path, folder.afterCrash(random, block)));
        after.folders.keySet().removeIf(path -> !after.isReachable(path));
        return after;
    }

    private boolean isReachable(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            return true;
        }
        SimFolder folder = folders.get(parent);
        return folder != null && folder.names().contains(path.getFileName().toString()) && isReachable(parent);
    }

    /** Records the operation and meets the failure that was asked for. Returns the failure of a write that is done in part. */
    @Nullable
    Failure operate(String what) throws IOException {
        if (off) {
            throw new IOException("power is off");
        }
        long index = record.size();
        record.add(what);
        if (noRoomNext) {
            noRoomNext = false;
            throw failed(what, noSpace());
        }
        Failure how = failure;
        if (index != failAt || how == null) {
            return null;
        }
        boolean write = what.startsWith("write ");
        switch (how) {
            case EIO -> throw failed(what, new IOException("Input/output error"));
            case ENOSPC -> throw failed(what, noSpace());
            case SHORT_WRITE -> {
                if (!write) {
                    throw failed(what, noSpace());
                }
                noRoomNext = true;
            }
            case CRASH -> {
                off = true;
                if (!write) {
                    throw new IOException("power is off");
                }
            }
        }
        return how;
    }

    /** Whatever the reason, a force that fails is the same fault as on a real disk. */
    private static IOException failed(String what, IOException cause) {
        return what.startsWith("force ") ? new FaultException(Fault.DISK, "cannot " + what, cause) : cause;
    }

    static IOException noSpace() {
        return new IOException("No space left on device");
    }

    boolean ignoresForce() {
        return ignoresForce;
    }

    void requireRoom(long moreBytes) throws IOException {
        if (moreBytes > 0 && used() + moreBytes > capacity) {
            throw noSpace();
        }
    }

    private long used() {
        return folders.values().stream().mapToLong(SimFolder::bytes).sum();
    }

    private SimFolder folder(Path path) {
        SimFolder folder = folders.get(path.toAbsolutePath().normalize());
        if (folder == null) {
            throw new IllegalArgumentException("no folder " + path);
        }
        return folder;
    }

    private SimFolder parent(Path path) throws IOException {
        SimFolder folder = folders.get(path.toAbsolutePath().normalize().getParent());
        if (folder == null) {
            throw new NoSuchFileException(path.toString());
        }
        return folder;
    }

    private SimInode file(Path path) {
        SimInode inode = folder(DurableFiles.folderOf(path)).file(name(path));
        if (inode == null) {
            throw new IllegalArgumentException("no file " + path);
        }
        return inode;
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    @Override
    public synchronized DiskFile create(Path path, FileAccess access) throws IOException {
        operate("create " + path);
        SimFolder folder = parent(path);
        if (folder.names().contains(name(path))) {
            throw new FileAlreadyExistsException(path.toString());
        }
        SimInode inode = new SimInode();
        folder.link(name(path), inode);
        return new SimFile(this, path, inode, true);
    }

    @Override
    public DiskFile createPastCache(Path path, FileAccess access) throws IOException {
        return create(path, access);
    }

    @Override
    public synchronized DiskFile open(Path path) throws IOException {
        return open(path, true);
    }

    @Override
    public synchronized DiskFile openRead(Path path) throws IOException {
        return open(path, false);
    }

    private DiskFile open(Path path, boolean writable) throws IOException {
        if (off) {
            throw new IOException("power is off");
        }
        SimInode inode = parent(path).file(name(path));
        if (inode == null) {
            throw new NoSuchFileException(path.toString());
        }
        return new SimFile(this, path, inode, writable);
    }

    @Override
    public synchronized void createFolder(Path path, FileAccess access) throws IOException {
        operate("createFolder " + path);
        SimFolder folder = parent(path);
        if (folder.names().contains(name(path))) {
            throw new FileAlreadyExistsException(path.toString());
        }
        folder.linkFolder(name(path));
        folders.put(path.toAbsolutePath().normalize(), new SimFolder());
    }

    @Override
    public synchronized void move(Path from, Path to) throws IOException {
        operate("move " + from + " " + to.getFileName());
        SimFolder folder = parent(from);
        if (folder != parent(to)) {
            throw new IllegalArgumentException("moves between folders: " + from + " to " + to);
        }
        if (folder.file(name(from)) == null) {
            throw new NoSuchFileException(from.toString());
        }
        folder.move(name(from), name(to));
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        operate("delete " + path);
        if (!parent(path).names().contains(name(path))) {
            throw new NoSuchFileException(path.toString());
        }
        parent(path).unlink(name(path));
        folders.remove(path.toAbsolutePath().normalize());
    }

    @Override
    public synchronized void forceFolder(Path path) throws IOException {
        operate("force " + path);
        if (!ignoresForce) {
            folder(path).force();
        }
    }

    @Override
    public synchronized List<String> list(Path path) throws IOException {
        if (off) {
            throw new IOException("power is off");
        }
        SimFolder folder = folders.get(path.toAbsolutePath().normalize());
        if (folder == null) {
            throw new NoSuchFileException(path.toString());
        }
        return List.copyOf(folder.names());
    }

    @Override
    public synchronized boolean exists(Path path) {
        Path parent = path.toAbsolutePath().normalize().getParent();
        SimFolder folder = parent == null ? null : folders.get(parent);
        return parent == null || (folder != null && folder.names().contains(name(path)));
    }

    @Override
    public synchronized boolean isFolder(Path path) {
        return folders.containsKey(path.toAbsolutePath().normalize());
    }

    @Override
    public synchronized long usableBytes(Path folder) {
        return Math.max(0, capacity - used());
    }

    @Override
    public synchronized long totalBytes(Path folder) {
        return capacity;
    }

    @Override
    public synchronized @Nullable Closeable tryLock(Path path, boolean shared) {
        Path key = path.toAbsolutePath().normalize();
        return locked.add(key) ? () -> unlock(key) : null;
    }

    private synchronized void unlock(Path key) {
        locked.remove(key);
    }
}
