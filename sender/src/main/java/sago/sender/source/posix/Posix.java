package sago.sender.source.posix;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.tree.EntryKind;
import sago.sender.tree.Xattr;

/** What Linux can do with files and the JDK cannot. Immutable; any thread. */
public final class Posix {
    private final int uid;
    private final int gid;
    private final ThreadLocal<XattrFiles> xattrs = ThreadLocal.withInitial(XattrFiles::new);

    private Posix(int uid, int gid) {
        this.uid = uid;
        this.gid = gid;
    }

    /** Loads the native library, once per process. */
    public static Posix load() throws FaultException {
        try {
            return new Posix(LibC.geteuid(), LibC.getegid());
        } catch (LinkageError e) {
            throw new FaultException(
                    Fault.FATAL,
                    "native calls are not available (" + e.getMessage()
                            + "): Linux with 64 bits is needed, and a folder "
                            + "for temporary files from which libraries may be loaded (not mounted noexec)",
                    e);
        }
    }

    /** Effective user of this process; 0 is root. */
    public int uid() {
        return uid;
    }

    /** Effective group of this process. */
    public int gid() {
        return gid;
    }

    /** Sets the modification time of a path, or of a link itself. */
    public void setModified(Path path, long seconds, int nanos) throws IOException {
        long[] times = {0, LibC.UTIME_OMIT, seconds, nanos};
        call("set the time", path, bytes -> LibC.utimensat(LibC.AT_FDCWD, bytes, times, LibC.AT_SYMLINK_NOFOLLOW));
    }

    /** Sets owner and group of a path, or of a link itself. Clears setuid and setgid of a file. */
    public void setOwner(Path path, int newUid, int newGid) throws IOException {
        call("set the owner", path, bytes -> LibC.lchown(bytes, newUid, newGid));
    }

    /** Sets permission bits with setuid, setgid and sticky. The path must not be a link, which would be followed. */
    public void setMode(Path path, int mode) throws IOException {
        call("set the mode", path, bytes -> LibC.chmod(bytes, mode));
    }

    /** Creates a link whose target has exactly these bytes. */
    public void createLink(Path path, byte[] target) throws IOException {
        byte[] terminated = terminated(target);
        call("create the link", path, bytes -> LibC.symlink(terminated, bytes));
    }

    /** Gives what has the first path a second one: a hard link. Follows no link. */
    public void link(Path existing, Path added) throws IOException {
        try (NativePath from = NativePath.of(PathBytes.of(existing))) {
            call("make the hard link", added, bytes -> LibC.link(from.terminated(), bytes));
        }
    }

    /**
     * Creates a fifo, socket or device. The process's file mode mask applies.
     *
     * @param kind one of these four
     * @param mode permission bits
     * @param rdev device number, of a device
     */
    public void makeNode(Path path, EntryKind kind, int mode, long rdev) throws IOException {
        if (kind == EntryKind.FILE || kind == EntryKind.DIRECTORY || kind == EntryKind.SYMLINK) {
            throw new IllegalArgumentException("a node that is a " + kind);
        }
        call("create it", path, bytes -> LibC.mknod(bytes, kind.typeBits() | mode, rdev));
    }

    /** Extended attributes of a path, or of a link itself, ascending by name; none where the file system has no such thing. */
    public List<Xattr> xattrs(Path path) throws IOException {
        return xattrs.get().read(PathBytes.of(path));
    }

    /** Makes a path, or a link itself, have exactly these extended attributes: others are removed, equal ones left alone. */
    public void setXattrs(Path path, List<Xattr> wanted) throws IOException {
        xattrs.get().write(PathBytes.of(path), wanted);
    }

    /** For one thread that looks at many files. */
    public PosixReader reader() {
        return new PosixReader();
    }

    /** Opens a file to read and to seek in; follows no link and waits for nobody. */
    public OpenFile openFile(Path path) throws IOException {
        return OpenFile.of(PathBytes.of(path));
    }

    /** Turns a range of a file into a hole. Follows no link. The file keeps its size. */
    public void punchHole(Path path, long offset, long length) throws IOException {
        byte[] bytes = PathBytes.of(path);
        int file = OpenFile.open(bytes, OpenFlags.WRITE, OpenFlags.WRITE);
        try {
            LibC.fallocate(file, LibC.FALLOC_PUNCH_HOLE_KEEP_SIZE, offset, length);
        } catch (LastErrorException e) {
            throw Errno.exception("make a hole", bytes, e);
        } finally {
            OpenFile.close(file);
        }
    }

    /** A native function of one path. */
    private interface PathCall {
        int on(byte[] terminatedPath) throws LastErrorException;
    }

    private static void call(String what, Path path, PathCall function) throws IOException {
        byte[] bytes = PathBytes.of(path);
        try (NativePath call = NativePath.of(bytes)) {
            function.on(call.terminated());
        } catch (LastErrorException e) {
            throw Errno.exception(what, bytes, e);
        }
    }

    private static byte[] terminated(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length + 1);
    }
}
