package sago.sender.source.posix;

import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/** The native calls, once they are known to work, and whom this process acts for. Immutable; any thread. */
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

    /** For one thread that looks at many files. */
    public PosixReader reader() {
        return new PosixReader();
    }
}
