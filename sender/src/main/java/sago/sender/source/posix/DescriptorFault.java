package sago.sender.source.posix;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What a failed call on an open folder or file becomes; whoever catches it knows the name, so the message has none. Stateless. */
final class DescriptorFault {
    private DescriptorFault() {}

    /** A native function, of whose result only a failure matters. */
    @FunctionalInterface
    interface Call {
        int run() throws LastErrorException;
    }

    /** Makes the call, which does what these words say after "cannot". */
    static void call(String what, Call call) throws IOException {
        try {
            call.run();
        } catch (LastErrorException e) {
            throw of(what, e);
        }
    }

    static IOException of(String what, LastErrorException e) {
        String reason = "cannot " + what + ": " + Errno.text(e);
        FileSystemException exception = switch (e.getErrorCode()) {
            case Errno.ENOENT -> new NoSuchFileException(null, null, reason);
            case Errno.EACCES, Errno.EPERM -> new AccessDeniedException(null, null, reason);
            case Errno.EEXIST -> new FileAlreadyExistsException(null, null, reason);
            // A link where a folder should be is one of both, depending on the kernel.
            case Errno.ENOTDIR, Errno.ELOOP -> new NotFolder(reason);
            case Errno.EISDIR, Errno.ENOTEMPTY -> new FolderInTheWay(reason);
            default -> new FileSystemException(null, null, reason);
        };
        exception.initCause(e);
        return exception;
    }

    /** As the JDK's, with a reason. */
    private static final class NotFolder extends NotDirectoryException {
        private static final long serialVersionUID = 1L;
        private final String reason;

        NotFolder(String reason) {
            super(null);
            this.reason = reason;
        }

        @Override
        public String getMessage() {
            return reason;
        }
    }

    /** As the JDK's, with a reason. */
    private static final class FolderInTheWay extends DirectoryNotEmptyException {
        private static final long serialVersionUID = 1L;
        private final String reason;

        FolderInTheWay(String reason) {
            super(null);
            this.reason = reason;
        }

        @Override
        public String getMessage() {
            return reason;
        }
    }
}
