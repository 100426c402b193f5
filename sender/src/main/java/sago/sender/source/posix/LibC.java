package sago.sender.source.posix;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;

/**
 * The C library's functions, bound directly. Paths and names are NUL-terminated bytes; a {@code long} named address points to memory
 * of the caller. Arrays are copied in and out by each call, so only small ones are passed. Any thread.
 */
final class LibC {
    /** A relative path means the working folder. */
    static final int AT_FDCWD = -100;

    static final int AT_SYMLINK_NOFOLLOW = 0x100;

    /** The open file itself, with an empty path. */
    static final int AT_EMPTY_PATH = 0x1000;

    /** In place of nanoseconds: this time stays as it is. */
    static final long UTIME_OMIT = 0x3ffffffeL;

    static final int SEEK_END = 2;
    static final int SEEK_DATA = 3;
    static final int SEEK_HOLE = 4;

    /** Size stays; the range becomes a hole. */
    static final int FALLOC_PUNCH_HOLE_KEEP_SIZE = 3;

    static {
        Native.register(LibC.class, "c");
    }

    private LibC() {}

    static native int openat(int folder, byte[] path, int flags) throws LastErrorException;

    static native int close(int file) throws LastErrorException;

    static native long pread(int file, long address, long length, long position) throws LastErrorException;

    static native long lseek(int file, long offset, int whence) throws LastErrorException;

    static native int fallocate(int file, int mode, long offset, long length) throws LastErrorException;

    static native int statx(int folder, byte[] path, int flags, int mask, long address) throws LastErrorException;

    static native long readlinkat(int folder, byte[] path, long address, long length) throws LastErrorException;

    /** Fills memory with records of a folder's next names; 0 at its end. */
    static native long getdents64(int folder, long address, long length) throws LastErrorException;

    static native long llistxattr(byte[] path, long address, long length) throws LastErrorException;

    static native long lgetxattr(byte[] path, byte[] name, long address, long length) throws LastErrorException;

    static native int geteuid();

    static native int getegid();
}
