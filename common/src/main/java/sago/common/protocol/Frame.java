package sago.common.protocol;

/** One frame of a connection. Whoever receives one releases it. */
public sealed interface Frame permits MessageFrame, SliceFrame, DataFrame {
    FrameType type();

    /** Gives back what the frame owns; once, by its last owner. */
    void release();
}
