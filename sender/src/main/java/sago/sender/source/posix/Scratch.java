package sago.sender.source.posix;

import java.util.concurrent.ConcurrentLinkedDeque;

/** Memory for native calls, lent to one call at a time, as many pieces as threads call at once. Thread-safe. */
final class Scratch {
    /** The longest value of an extended attribute, and enough for one read or write. */
    static final int BYTES = 256 << 10;

    private final ConcurrentLinkedDeque<Piece> idle = new ConcurrentLinkedDeque<>();

    Piece take() {
        Piece piece = idle.poll();
        return piece == null ? new Piece() : piece;
    }

    /** Given back when closed. */
    final class Piece implements AutoCloseable {
        final NativeMemory memory = new NativeMemory(BYTES);
        final StatusReader status = new StatusReader();

        @Override
        public void close() {
            idle.push(this);
        }
    }
}
