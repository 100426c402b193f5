package sago.sender.source.posix;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sago.sender.tree.EntryKind;

/**
 * A folder that is held open: what is done here is done in this very folder, whatever happens to the path that led to it, and no link is
 * ever followed. Names are bytes without NUL and slash. Thread-safe; close it after the last call.
 */
public final class OpenFolder implements AutoCloseable {
    private static final int PRIVATE_FOLDER = 0700;
    private static final int PRIVATE_FILE = 0600;

    private final int folder;
    private final Scratch scratch;

    private OpenFolder(int folder, Scratch scratch) {
        this.folder = folder;
        this.scratch = scratch;
    }

    /** Opens a folder by its path; links on the way are followed. */
    public static OpenFolder open(Path path) throws IOException {
        try {
            byte[] bytes = PathBytes.of(path.toAbsolutePath());
            return new OpenFolder(
                    LibDescriptor.openat(LibC.AT_FDCWD, terminated(bytes), OpenFlags.FOLDER_FOLLOWING, 0),
                    new Scratch());
        } catch (LastErrorException e) {
            throw DescriptorFault.of("open the folder", e);
        }
    }

    /** Opens a folder in this one; {@code NotDirectoryException} where anything else has that name, a link too. */
    public OpenFolder folder(byte[] name) throws IOException {
        try {
            return new OpenFolder(LibDescriptor.openat(folder, terminated(name), OpenFlags.FOLDER, 0), scratch);
        } catch (LastErrorException e) {
            throw DescriptorFault.of("open the folder", e);
        }
    }

    /** What has this name, or null; of a link it is the link itself. */
    public @Nullable FileStatus status(byte[] name) throws IOException {
        try (Scratch.Piece piece = scratch.take()) {
            return piece.status.of(folder, terminated(name));
        }
    }

    /** The status of the folder itself. */
    public FileStatus status() throws IOException {
        try (Scratch.Piece piece = scratch.take()) {
            return piece.status.of(folder);
        }
    }

    /** Makes a folder that nobody else may enter. */
    public void makeFolder(byte[] name) throws IOException {
        DescriptorFault.call(
                "create the folder", () -> LibDescriptor.mkdirat(folder, terminated(name), PRIVATE_FOLDER));
    }

    /** Makes a pipe, socket or device that nobody else may use. */
    public void makeNode(byte[] name, EntryKind kind, long device) throws IOException {
        if (kind == EntryKind.FILE || kind == EntryKind.DIRECTORY || kind == EntryKind.SYMLINK) {
            throw new IllegalArgumentException("a node of kind " + kind);
        }
        DescriptorFault.call(
                "create it",
                () -> LibDescriptor.mknodat(folder, terminated(name), kind.typeBits() | PRIVATE_FILE, device));
    }

    /** Makes a symbolic link whose target has exactly these bytes. */
    public void makeLink(byte[] name, byte[] target) throws IOException {
        DescriptorFault.call(
                "create the link", () -> LibDescriptor.symlinkat(terminated(target), folder, terminated(name)));
    }

    /** Gives what has this name in this folder one more name in another; a symbolic link is linked itself. */
    public void link(byte[] name, OpenFolder other, byte[] added) throws IOException {
        DescriptorFault.call(
                "create the hard link",
                () -> LibDescriptor.linkat(folder, terminated(name), other.folder, terminated(added), 0));
    }

    /** Renames within this folder, over anything but a folder. */
    public void rename(byte[] from, byte[] to) throws IOException {
        DescriptorFault.call(
                "give it its name", () -> LibDescriptor.renameat(folder, terminated(from), folder, terminated(to)));
    }

    /** Moves a folder of this one to another one on the same file system. */
    public void move(byte[] name, OpenFolder other, byte[] to) throws IOException {
        DescriptorFault.call(
                "move it", () -> LibDescriptor.renameat(folder, terminated(name), other.folder, terminated(to)));
    }

    /** Removes a name that is no folder; {@code DirectoryNotEmptyException} if it is one. */
    public void remove(byte[] name) throws IOException {
        DescriptorFault.call("remove it", () -> LibDescriptor.unlinkat(folder, terminated(name), 0));
    }

    /** Removes an empty folder. */
    public void removeFolder(byte[] name) throws IOException {
        DescriptorFault.call(
                "remove the folder",
                () -> LibDescriptor.unlinkat(folder, terminated(name), LibDescriptor.AT_REMOVEDIR));
    }

    /** Makes a file, which must not exist, for reading and writing; nobody else may use it. */
    public OpenNode create(byte[] name) throws IOException {
        return open("create the file", name, OpenFlags.CREATE);
    }

    /** Opens a file to read it. */
    public OpenNode openToRead(byte[] name) throws IOException {
        return open("read it", name, OpenFlags.READ);
    }

    /** Opens a file to read and write it. */
    public OpenNode openToWrite(byte[] name) throws IOException {
        return open("write it", name, OpenFlags.READ_WRITE);
    }

    private OpenNode open(String what, byte[] name, int flags) throws IOException {
        try {
            return new OpenNode(LibDescriptor.openat(folder, terminated(name), flags, PRIVATE_FILE), false, scratch);
        } catch (LastErrorException e) {
            throw DescriptorFault.of(what, e);
        }
    }

    /** Holds on to whatever has this name, a link too, only to look at it and to set its metadata. */
    public OpenNode node(byte[] name) throws IOException {
        try {
            return new OpenNode(LibDescriptor.openat(folder, terminated(name), OpenFlags.NODE, 0), true, scratch);
        } catch (LastErrorException e) {
            throw DescriptorFault.of("look at it", e);
        }
    }

    /** This folder, to set its metadata. Closed on its own. */
    public OpenNode self() throws IOException {
        return node(new byte[] {'.'});
    }

    /** Target of a symbolic link. */
    public byte[] readLink(byte[] name) throws IOException {
        try (Scratch.Piece piece = scratch.take()) {
            long length = LibC.readlinkat(folder, terminated(name), piece.memory.address(), piece.memory.bytes());
            return piece.memory.copy(0, (int) length);
        } catch (LastErrorException e) {
            throw DescriptorFault.of("read the link", e);
        }
    }

    /** What to do with each name. */
    @FunctionalInterface
    public interface NameUse {
        void name(byte[] name) throws IOException;
    }

    /** Tells what is in the folder, one name at a time. */
    public void list(NameUse use) throws IOException {
        try (DirectoryStream<Path> names = Files.newDirectoryStream(Path.of("/proc/self/fd/" + folder))) {
            for (Path path : names) {
                use.name(PathBytes.nameOf(path));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** Takes the folder for this process until it is closed here; false if another one has it. */
    public @Nullable AutoCloseable lock() throws IOException {
        int file = -1;
        try {
            file = LibDescriptor.openat(folder, new byte[] {'.', 0}, OpenFlags.LIST, 0);
            LibDescriptor.flock(file, LibDescriptor.LOCK_EXCLUSIVE_NOW);
        } catch (LastErrorException e) {
            close(file);
            if (e.getErrorCode() == Errno.EWOULDBLOCK) {
                return null;
            }
            throw DescriptorFault.of("lock the folder", e);
        }
        int held = file;
        return () -> close(held);
    }

    static byte[] terminated(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    static byte[] procPath(int descriptor) {
        return ("/proc/self/fd/" + descriptor + "\0").getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        close(folder);
    }

    static void close(int descriptor) {
        if (descriptor >= 0) {
            try {
                LibC.close(descriptor);
            } catch (LastErrorException e) {
                // On Linux the descriptor is free all the same, and what a disk lost shows elsewhere: nothing here is
                // forced.
                return;
            }
        }
    }
}
