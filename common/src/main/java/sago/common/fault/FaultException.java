package sago.common.fault;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A fault of a peer, a disk, a network or of input, with a message for people: what is wrong and what to do. */
public final class FaultException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Fault fault;

    public FaultException(Fault fault, String message) {
        super(message);
        this.fault = fault;
    }

    public FaultException(Fault fault, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.fault = fault;
    }

    public Fault fault() {
        return fault;
    }
}
