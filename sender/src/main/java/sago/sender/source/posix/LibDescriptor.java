package sago.sender.source.posix;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;

/**
 * The C library's functions that begin at an open folder or file, so that nobody can swap what they work on by renaming. Names are
 * NUL-terminated bytes; a {@code long} named address points to memory of the caller. Any thread.
 */
final class LibDescriptor {
    static final int AT_REMOVEDIR = 0x200;
    static final int LOCK_EXCLUSIVE_NOW = 2 | 4;

    static {
        Native.register(LibDescriptor.class, "c");
    }

    private LibDescriptor() {}

    static native int openat(int folder, byte[] name, int flags, int mode) throws LastErrorException;

    static native int mkdirat(int folder, byte[] name, int mode) throws LastErrorException;

    static native int mknodat(int folder, byte[] name, int typeAndMode, long device) throws LastErrorException;

    static native int symlinkat(byte[] target, int folder, byte[] name) throws LastErrorException;

    static native int linkat(int folder, byte[] existing, int addedFolder, byte[] added, int flags)
            throws LastErrorException;

    static native int renameat(int folder, byte[] from, int toFolder, byte[] to) throws LastErrorException;

    static native int unlinkat(int folder, byte[] name, int flags) throws LastErrorException;

    static native int fchownat(int folder, byte[] name, int uid, int gid, int flags) throws LastErrorException;

    static native int chmod(byte[] path, int mode) throws LastErrorException;

    static native int fchmod(int file, int mode) throws LastErrorException;

    /** Access and modification time, each as seconds and nanoseconds. */
    static native int utimensat(int folder, byte[] path, long[] times, int flags) throws LastErrorException;

    static native int futimens(int file, long[] times) throws LastErrorException;

    static native long pwrite(int file, long address, long length, long position) throws LastErrorException;

    static native long write(int file, long address, long length) throws LastErrorException;

    static native int ftruncate(int file, long length) throws LastErrorException;

    static native int flock(int file, int operation) throws LastErrorException;

    static native long listxattr(byte[] path, long address, long length) throws LastErrorException;

    static native long getxattr(byte[] path, byte[] name, long address, long length) throws LastErrorException;

    static native int setxattr(byte[] path, byte[] name, byte[] value, long length, int flags)
            throws LastErrorException;

    static native int removexattr(byte[] path, byte[] name) throws LastErrorException;
}
