package sago.sender.compress;

/** Which codec new chunks are worth at this moment. Asked once per chunk, by every worker: thread-safe, and costs next to nothing. */
@FunctionalInterface
public interface CodecChoice {
    Codec now();
}
