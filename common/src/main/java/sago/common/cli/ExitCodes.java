package sago.common.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/** Exit codes of commands: those of {@link Fault}, and the few that no fault stands for. The table is in docs/OPERATIONS.md. */
public final class ExitCodes {
    public static final int OK = 0;
    public static final int FATAL = Fault.FATAL.exitCode();
    public static final int USAGE = Fault.USAGE.exitCode();
    public static final int SOURCE_UNREADABLE = Fault.SOURCE_UNREADABLE.exitCode();
    public static final int INTERRUPTED = Fault.INTERRUPTED.exitCode();

    private ExitCodes() {}

    /** The exit code of a command that ended with this exception. */
    public static int of(Throwable thrown) {
        FaultException fault = fault(thrown);
        if (fault != null) {
            return fault.fault().exitCode();
        }
        return interrupted(thrown) ? INTERRUPTED : FATAL;
    }

    /** The fault inside what was thrown, however the threads in between wrapped it. */
    static @Nullable FaultException fault(Throwable thrown) {
        return unwrap(thrown) instanceof FaultException fault ? fault : null;
    }

    static boolean interrupted(Throwable thrown) {
        Throwable inner = unwrap(thrown);
        return inner instanceof InterruptedException || inner instanceof ClosedByInterruptException;
    }

    /** Takes off the wrappers that carry an exception from another thread or through an interface without it. */
    static Throwable unwrap(Throwable thrown) {
        Throwable inner = thrown;
        while (isWrapper(inner) && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }

    private static boolean isWrapper(Throwable thrown) {
        return thrown instanceof ExecutionException
                || thrown instanceof CompletionException
                || thrown instanceof UncheckedIOException
                || thrown instanceof picocli.CommandLine.ExecutionException
                || (thrown.getClass() == IOException.class && thrown.getCause() instanceof FaultException);
    }
}
