package sago.common.net;

import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/** Says what a failed connection means, and which side must do what. Stateless. */
public final class TlsFaults {
    /** Causes are followed this far: cycles end. */
    private static final int CAUSES_MAX = 16;

    private TlsFaults() {}

    /** The fault behind an exception of a connection; a {@link FaultException} among its causes is given back as it is. */
    public static FaultException of(Throwable thrown) {
        Throwable cause = thrown;
        IOException failure = null;
        for (int i = 0; i < CAUSES_MAX && cause != null; i++, cause = cause.getCause()) {
            if (cause instanceof FaultException fault) {
                return fault;
            }
            if (cause instanceof CertificateException && cause.getMessage() != null) {
                return new FaultException(Fault.PEER_REFUSED, cause.getMessage(), thrown);
            }
            if (failure == null && cause instanceof IOException first) {
                // Netty wraps what its decoders meet, sometimes twice.
                failure = first;
            }
        }
        if (failure instanceof SSLException alert) {
            return ofAlert(alert);
        }
        if (failure != null) {
            return new FaultException(Fault.CONNECTION_LOST, "the connection was lost: " + message(failure), thrown);
        }
        return new FaultException(Fault.FATAL, message(thrown), thrown);
    }

    private static String message(Throwable thrown) {
        return thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
    }

    private static FaultException ofAlert(SSLException thrown) {
        String message = String.valueOf(thrown.getMessage());
        String words = message.toUpperCase(Locale.ROOT);
        if (words.contains("EXPIRED")) {
            return refused(
                    "the peer refused our TLS identity as expired or not yet valid; renew it here, or set the clocks of both sides right",
                    thrown);
        }
        if (words.contains("CERTIFICATE")) {
            return refused("the peer refused our TLS identity; enrol it there again", thrown);
        }
        if (words.contains("WRONG_VERSION_NUMBER") || words.contains("NOT AN SSL/TLS RECORD")) {
            return refused("what answers at this address does not speak TLS; check address and port", thrown);
        }
        if (words.contains("PROTOCOL_VERSION") || words.contains("NO_APPLICATION_PROTOCOL")) {
            return refused("the peer does not speak TLS 1.3 and sago/1; check address, port and version", thrown);
        }
        return new FaultException(Fault.CONNECTION_LOST, "TLS failed: " + message, thrown);
    }

    private static FaultException refused(String message, SSLException cause) {
        return new FaultException(Fault.PEER_REFUSED, message, cause);
    }
}
