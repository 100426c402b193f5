package sago.sender.source.posix;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A path for native calls, of any length. The kernel takes 4095 bytes at once; what is longer begins at an open folder on the way,
 * which {@code /proc/self/fd} gives a short name. Confined to one thread; close it after the call.
 */
final class NativePath implements AutoCloseable {
    /** Bytes of a path that the kernel takes, its NUL included. */
    private static final int KERNEL_PATH_BYTES_MAX = 4096;

    private static final int NO_FOLDER = -1;

    private final byte[] terminated;
    private final int folder;

    private NativePath(byte[] terminated, int folder) {
        this.terminated = terminated;
        this.folder = folder;
    }

    /** From the bytes of an absolute path, or of a short relative one. */
    static NativePath of(byte[] path) throws IOException {
        if (path.length < KERNEL_PATH_BYTES_MAX) {
            return new NativePath(Arrays.copyOf(path, path.length + 1), NO_FOLDER);
        }
        int folder = LibC.AT_FDCWD;
        int start = 0;
        while (path.length - start > KERNEL_PATH_BYTES_MAX - 64) {
            int end = lastSlash(path, start, start + KERNEL_PATH_BYTES_MAX - 1);
            if (end <= start) {
                close(folder);
                throw new IOException("a name of the path is too long");
            }
            byte[] piece = Arrays.copyOf(Arrays.copyOfRange(path, start, end), end - start + 1);
            int next;
            try {
                next = LibC.openat(folder, piece, OpenFlags.FOLDER);
            } catch (LastErrorException e) {
                throw Errno.exception("open a folder on the way to", path, e);
            } finally {
                close(folder);
            }
            folder = next;
            start = end + 1;
        }
        byte[] head = ("/proc/self/fd/" + folder + "/").getBytes(StandardCharsets.US_ASCII);
        byte[] terminated = Arrays.copyOf(head, head.length + path.length - start + 1);
        System.arraycopy(path, start, terminated, head.length, path.length - start);
        return new NativePath(terminated, folder);
    }

    private static int lastSlash(byte[] path, int start, int limit) {
        int at = Math.min(limit, path.length - 1);
        while (at > start && path[at] != '/') {
            at--;
        }
        return at;
    }

    /** What to hand over. */
    byte[] terminated() {
        return terminated;
    }

    @Override
    public void close() {
        close(folder);
    }

    private static void close(int folder) {
        if (folder >= 0) {
            try {
                LibC.close(folder);
            } catch (LastErrorException e) {
                throw new IllegalStateException("an open folder cannot be closed", e);
            }
        }
    }
}
