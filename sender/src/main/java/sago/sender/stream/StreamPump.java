package sago.sender.stream;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream that cannot be interrupted on a thread of its own, and hands over what comes. A thread that still waits for bytes after the end is a
 * daemon, which keeps nobody. One thread reads.
 */
final class StreamPump {
    private static final int PIECE_BYTES = 256 << 10;
    private static final int PIECES = 8;

    private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(PIECES);
    private final InputStream stream;
    private final Thread thread;
    private @Nullable Piece now;

    /** Bytes, or what ended the stream: a failure, or nothing. */
    private record Piece(ByteBuffer bytes, @Nullable IOException failure) {
        boolean isEnd() {
            return bytes.capacity() == 0;
        }
    }

    StreamPump(String name, InputStream stream) {
        this.stream = stream;
        this.thread = new Thread(this::pump, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void pump() {
        byte[] buffer = new byte[PIECE_BYTES];
        try {
            @Nullable IOException failure = null;
            try {
                for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
                    if (read > 0) {
                        pieces.put(new Piece(ByteBuffer.wrap(Arrays.copyOf(buffer, read)), null));
                    }
                }
            } catch (IOException e) {
                failure = e;
            }
            pieces.put(new Piece(ByteBuffer.allocate(0), failure));
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    int read(byte[] into, int at, int room) throws IOException, InterruptedException {
        Piece piece = now;
        while (piece == null || !(piece.isEnd() || piece.bytes.hasRemaining())) {
            piece = pieces.take();
        }
        now = piece;
        if (piece.failure != null) {
            throw new IOException(piece.failure.getMessage(), piece.failure);
        }
        if (piece.isEnd()) {
            return -1;
        }
        int length = Math.min(room, piece.bytes.remaining());
        piece.bytes.get(into, at, length);
        return length;
    }

    /** Nobody reads any more. */
    void stop() {
        thread.interrupt();
    }
}
