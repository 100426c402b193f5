package sago.sender.upload;

import java.security.cert.CertificateException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/** What this package does with faults that several threads see. */
final class Faults {
    /** Causes are followed this far: cycles end. */
    private static final int CAUSES_MAX = 16;

    /** How messages of a connection begin: {@code site sg (host:port): }, {@code … cannot be reached: }, {@code … says: }. */
    private static final Pattern SITE_LABEL = Pattern.compile("^site \\S+ \\(\\S+\\)( cannot be reached:| says:|:)? ?");

    private Faults() {}

    /** The same fault for another thread: its own stack, the first one as cause. */
    static FaultException again(FaultException first) {
        return new FaultException(first.fault(), String.valueOf(first.getMessage()), first);
    }

    /**
     * Whether TLS failed before anything of the peer was believed. Whatever stands at the address then, nothing was told to it; that the
     * site itself is there again is worth waiting for.
     */
    static boolean isOfTheWay(FaultException fault) {
        Throwable cause = fault;
        for (int i = 0; i < CAUSES_MAX && cause != null; i++, cause = cause.getCause()) {
            if (cause instanceof SSLException || cause instanceof CertificateException) {
                return true;
            }
        }
        return false;
    }

    /** Why a site is away, in a few words: without its name, which is said beside it, and without advice. */
    static String reason(FaultException fault) {
        String message = String.valueOf(fault.getMessage());
        Matcher named = SITE_LABEL.matcher(message);
        String said = named.find() ? message.substring(named.end()) : message;
        int advice = said.indexOf(';');
        return (advice < 0 ? said : said.substring(0, advice)).strip();
    }

    /** The fault with which a stage failed; anything else is a mistake of ours, said as FATAL. */
    static FaultException of(Throwable thrown) {
        Throwable cause = thrown;
        if ((thrown instanceof CompletionException || thrown instanceof ExecutionException)
                && thrown.getCause() != null) {
            cause = thrown.getCause();
        }
        if (cause instanceof FaultException fault) {
            return fault;
        }
        return new FaultException(Fault.FATAL, "the connection failed unexpectedly: " + cause, cause);
    }
}
