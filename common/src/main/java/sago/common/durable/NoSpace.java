package sago.common.durable;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Tells a full disk from a broken one. Java gives only the operating system's text, which is English because the launcher sets the
 * locale; where it is not, a disk that is full to the last blocks says the same.
 */
public final class NoSpace {
    private static final long LAST_BLOCKS = 64 << 10;

    private NoSpace() {}

    /** Whether this failure, or one that caused it, says that the disk or the quota is exhausted. */
    public static boolean is(@Nullable Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            String message = at.getMessage();
            if (at instanceof IOException
                    && message != null
                    && (message.contains("No space left on device") || message.contains("Disk quota exceeded"))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a write to this folder's file system failed for want of room. */
    public static boolean is(IOException failure, Disk disk, Path folder) {
        if (is(failure)) {
            return true;
        }
        try {
            return disk.usableBytes(folder) < LAST_BLOCKS;
        } catch (IOException unknown) {
            return false;
        }
    }
}
