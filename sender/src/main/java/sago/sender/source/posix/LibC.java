package sago.sender.source.posix;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;

/** The C library's functions, bound directly. Paths are NUL-terminated bytes. Any thread. */
final class LibC {
    /** A relative path means the working folder. */
    static final int AT_FDCWD = -100;

    static final int AT_SYMLINK_NOFOLLOW = 0x100;

    /** In place of nanoseconds: this time stays as it is. */
    static final long UTIME_OMIT = 0x3ffffffeL;

    static {
        Native.register(LibC.class, "c");
    }

    private LibC() {}

    /** Access and modification time, each as seconds and nanoseconds. */
    static native int utimensat(int folder, byte[] path, long[] times, int flags) throws LastErrorException;

    static native int lchown(byte[] path, int uid, int gid) throws LastErrorException;

    static native int chmod(byte[] path, int mode) throws LastErrorException;

    static native int symlink(byte[] target, byte[] path) throws LastErrorException;

    static native int geteuid();

    static native int getegid();
}
