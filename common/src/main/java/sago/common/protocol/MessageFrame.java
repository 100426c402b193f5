package sago.common.protocol;

import com.google.protobuf.MessageLite;

/** A control message. Immutable. */
public record MessageFrame(FrameType type, MessageLite message) implements Frame {
    public MessageFrame {
        if (!type.carries(message)) {
            throw new IllegalArgumentException(type + " does not carry " + message.getClass());
        }
    }

    /** The frame of a message, whose class says its type. */
    public static MessageFrame of(MessageLite message) {
        return new MessageFrame(FrameType.of(message), message);
    }

    /** The message, of the class that its type carries. */
    public <M extends MessageLite> M as(Class<M> messageClass) {
        return messageClass.cast(message);
    }

    /** A message owns nothing. */
    @Override
    public void release() {}
}
