package sago.sender.source.posix;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/** What Linux can do with files and the JDK cannot. Immutable; any thread. */
public final class Posix {
    private final int uid;
    private final int gid;

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
        call("set the time of", path, bytes -> LibC.utimensat(LibC.AT_FDCWD, bytes, times, LibC.AT_SYMLINK_NOFOLLOW));
    }

    /** Sets owner and group of a path, or of a link itself. Clears setuid and setgid of a file. */
    public void setOwner(Path path, int newUid, int newGid) throws IOException {
        call("set the owner of", path, bytes -> LibC.lchown(bytes, newUid, newGid));
    }

    /** Sets permission bits with setuid, setgid and sticky. The path must not be a link, which would be followed. */
    public void setMode(Path path, int mode) throws IOException {
        call("set the mode of", path, bytes -> LibC.chmod(bytes, mode));
    }

    /** Creates a link whose target has exactly these bytes. */
    public void createLink(Path path, byte[] target) throws IOException {
        byte[] terminated = terminated(target);
        call("create the link", path, bytes -> LibC.symlink(terminated, bytes));
    }

    /** A native function of one path. */
    private interface PathCall {
        int on(byte[] terminatedPath) throws LastErrorException;
    }

    private static void call(String what, Path path, PathCall function) throws IOException {
        try {
            if (function.on(terminated(PathBytes.of(path))) != 0) {
                throw new IOException("cannot " + what + " " + path);
            }
        } catch (LastErrorException e) {
            throw new IOException("cannot " + what + " " + path + ": " + e.getMessage(), e);
        }
    }

    private static byte[] terminated(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length + 1);
    }
}
