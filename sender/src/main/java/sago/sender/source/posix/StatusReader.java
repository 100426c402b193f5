package sago.sender.source.posix;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the status of files, with one buffer for all. Reads {@code struct statx}, which is the same on every machine:
 *
 * <pre>
 *  16 links 4   20 uid 4   24 gid 4   28 mode 2   32 inode 8   40 size 8
 *  96 ctime: seconds 8, nanoseconds 4   112 mtime: the same   128 rdev: major 4, minor 4   136 device: major 4, minor 4
 * </pre>
 *
 * Confined to one thread.
 */
final class StatusReader {
    private static final int BYTES = 256;
    private static final int BASIC = 0x7ff;
    private static final byte[] EMPTY_PATH = {0};

    private final NativeMemory memory = new NativeMemory(BYTES);

    /** Of the path itself, never of what a link points to. */
    FileStatus of(byte[] path) throws IOException {
        try (NativePath call = NativePath.of(path)) {
            LibC.statx(LibC.AT_FDCWD, call.terminated(), LibC.AT_SYMLINK_NOFOLLOW, BASIC, memory.address());
        } catch (LastErrorException e) {
            throw Errno.exception("look at it", path, e);
        }
        return status();
    }

    /** Of an open file. */
    FileStatus of(int file) throws IOException {
        try {
            LibC.statx(file, EMPTY_PATH, LibC.AT_EMPTY_PATH, BASIC, memory.address());
        } catch (LastErrorException e) {
            throw new IOException("cannot look at an open file: " + Errno.text(e), e);
        }
        return status();
    }

    /** Of a name in an open folder, never of what a link points to; null if nothing has it. */
    @Nullable
    FileStatus of(int folder, byte[] terminatedName) throws IOException {
        try {
            LibC.statx(folder, terminatedName, LibC.AT_SYMLINK_NOFOLLOW, BASIC, memory.address());
        } catch (LastErrorException e) {
            if (e.getErrorCode() == Errno.ENOENT) {
                return null;
            }
            throw DescriptorFault.of("look at it", e);
        }
        return status();
    }

    private FileStatus status() {
        ByteBuffer from = memory.view();
        return new FileStatus(
                from.getShort(28) & 0xffff,
                from.getInt(20),
                from.getInt(24),
                Instant.ofEpochSecond(from.getLong(112), from.getInt(120)),
                Instant.ofEpochSecond(from.getLong(96), from.getInt(104)),
                from.getLong(32),
                device(from.getInt(136), from.getInt(140)),
                from.getInt(16),
                from.getLong(40),
                device(from.getInt(128), from.getInt(132)));
    }

    /** As the C library packs both into a {@code dev_t}. */
    private static long device(int major, int minor) {
        long high = Integer.toUnsignedLong(major);
        long low = Integer.toUnsignedLong(minor);
        return (low & 0xff) | (high & 0xfff) << 8 | (low & ~0xffL) << 12 | (high & ~0xfffL) << 32;
    }
}
