package sago.common.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
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

    /** What manual pages say of the codes; docs/OPERATIONS.md says what to do as well. */
    static final List<Meaning> MEANINGS = List.of(
            new Meaning("0", "ok"),
            new Meaning("1", "fatal: the line on stderr says why"),
            new Meaning("2", "usage or configuration; also: several datasets or sites and none named"),
            new Meaning("3", "some source data unreadable; the rest is a complete snapshot"),
            new Meaning("5", "site unreachable"),
            new Meaning("10", "no vault"),
            new Meaning("11", "locked by another process, or the dataset by another session"),
            new Meaning("12", "wrong passphrase or kit word"),
            new Meaning("13", "peer refused: identity, grant, role, TLS, protocol"),
            new Meaning("14", "site full"),
            new Meaning("15", "integrity failure"),
            new Meaning("17", "refused by policy"),
            new Meaning("18", "no such snapshot or path"),
            new Meaning("19", "home disk full"),
            new Meaning("20", "interrupted, checkpoint saved: run the same command again"),
            new Meaning("130, 143", "ended by a second signal"));

    /** An exit code, or several that mean the same. */
    record Meaning(String codes, String text) {}

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
