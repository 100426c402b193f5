package sago.sender.source.posix;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import sago.sender.tree.EntryKey;

/** What error numbers of native calls become: the exceptions that the JDK has for them, with a reason for people. Any thread. */
final class Errno {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int ENXIO = 6;
    static final int EWOULDBLOCK = 11;
    static final int EACCES = 13;
    static final int EEXIST = 17;
    static final int ENOTDIR = 20;
    static final int EISDIR = 21;
    static final int EPIPE = 32;
    static final int ENOTEMPTY = 39;
    static final int ELOOP = 40;
    static final int ENODATA = 61;
    static final int EOPNOTSUPP = 95;

    private Errno() {}

    /** The exception for a call that failed on this path. */
    static IOException exception(String what, byte[] path, LastErrorException e) {
        String shown = shown(path);
        String reason = "cannot " + what + ": " + text(e);
        FileSystemException exception = switch (e.getErrorCode()) {
            case ENOENT, ENOTDIR -> new NoSuchFileException(shown, null, reason);
            case EACCES, EPERM -> new AccessDeniedException(shown, null, reason);
            case EEXIST -> new FileAlreadyExistsException(shown, null, reason);
            case ELOOP -> new FileSystemLoopException(shown);
            default -> new FileSystemException(shown, null, reason);
        };
        exception.initCause(e);
        return exception;
    }

    /** What the C library says of the error, without its number. */
    static String text(LastErrorException e) {
        String message = String.valueOf(e.getMessage());
        int end = message.indexOf("] ");
        return message.startsWith("[") && end > 0 ? message.substring(end + 2) : message;
    }

    private static String shown(byte[] path) {
        try {
            return EntryKey.ofPath(path).toString();
        } catch (IllegalArgumentException e) {
            return "a path of " + path.length + " bytes";
        }
    }
}
