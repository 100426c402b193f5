package sago.receiver.serve;

import com.google.protobuf.MessageLite;
import sago.common.fault.FaultException;
import sago.common.protocol.Frame;
import sago.common.protocol.MessageFrame;

/** The client at the other end of a connection, as those see it who answer. Thread-safe. */
public interface Client {
    /** Sends a frame, or releases it where the connection is over. Takes ownership. */
    void send(Frame frame);

    /** Sends a control message. */
    default void send(MessageLite message) {
        send(MessageFrame.of(message));
    }

    /** Whether the client takes what it was sent: work for one that does not should wait. */
    boolean isWritable();

    /** Whether the client left a request for a sign of life unanswered, so that its process or its link may be gone. */
    default boolean isSilent() {
        return false;
    }

    /** Tells the client what is wrong and ends the connection. */
    void fail(FaultException fault);
}
