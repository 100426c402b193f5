package sago.sender.index;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.sender.pack.ChunkId;
import sago.sender.pack.ChunkRef;

/**
 * A segment that is open for asking; {@link SegmentLayout} draws it. Nothing of it is in memory. What is damaged in it counts as absent: a
 * bucket with its rows, or a row. Thread-safe.
 */
final class Segment implements Closeable {
    /** What {@link #find} wants as a buffer: the rows of nearly every bucket at once. */
    static final int BUFFER_BYTES = 128 * IndexRow.BYTES;

    private static final Logger LOG = LoggerFactory.getLogger(Segment.class);

    private final SegmentLayout layout;
    private final SteadyFile file;
    private volatile boolean damageTold;

    /** Takes ownership of the file, whose header says this. */
    Segment(SegmentLayout layout, SteadyFile file) {
        this.layout = layout;
        this.file = file;
    }

    SegmentLayout layout() {
        return layout;
    }

    SteadyFile file() {
        return file;
    }

    /**
     * Where this segment says that a chunk is, or null.
     *
     * @param buffer of {@link #BUFFER_BYTES}, borrowed
     * @throws ClosedChannelException if it was closed meanwhile
     */
    @Nullable
    ChunkRef find(ChunkId id, ByteBuffer buffer) throws IOException {
        file.readFully(buffer.clear().limit(SegmentLayout.BUCKET_BYTES), layout.bucketAt(layout.bucketOf(id.a())));
        if (!SegmentLayout.isSound(buffer)) {
            tellDamage();
            return null;
        }
        if (!SegmentLayout.mayHold(buffer, id)) {
            return null;
        }
        long next = buffer.getLong(0);
        long end = next + buffer.getInt(Long.BYTES);
        if (next < 0 || end > layout.rows()) {
            tellDamage();
            return null;
        }
        while (next < end) {
            int count = (int) Math.min(BUFFER_BYTES / IndexRow.BYTES, end - next);
            file.readFully(buffer.clear().limit(count * IndexRow.BYTES), layout.rowAt(next));
            for (int at = 0; at < buffer.limit(); at += IndexRow.BYTES) {
                if (IndexRow.hasKey(buffer, at, id)) {
                    return read(buffer, at, id);
                }
            }
            next += count;
        }
        return null;
    }

    private @Nullable ChunkRef read(ByteBuffer buffer, int at, ChunkId id) {
        ChunkRef ref = IndexRow.read(buffer, at, id);
        if (ref == null) {
            tellDamage();
        }
        return ref;
    }

    private void tellDamage() {
        if (!damageTold) {
            damageTold = true;
            LOG.warn("{} is damaged in places: chunks that it names there count as new", file.path());
        }
    }

    /** All sound rows in ascending order, read ahead in large pieces. Confined to one thread. */
    static final class Rows {
        private static final int PIECE_BYTES = 1365 * IndexRow.BYTES;

        private final Segment segment;
        private final ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES).limit(0);
        private final ByteBuffer last = ByteBuffer.allocate(IndexRow.KEY_BYTES);
        private boolean begun;
        private long nextPiece;

        Rows(Segment segment) {
            this.segment = segment;
        }

        /** Goes to the next sound row whose key is above the one before. False at the end. */
        boolean next() throws IOException {
            if (begun) {
                last.put(0, piece, piece.position(), IndexRow.KEY_BYTES);
                piece.position(piece.position() + IndexRow.BYTES);
            }
            while (piece.hasRemaining() || fill()) {
                int at = piece.position();
                if (IndexRow.isSound(piece, at) && (!begun || IndexRow.compareKeys(piece, at, last, 0) > 0)) {
                    begun = true;
                    return true;
                }
                segment.tellDamage();
                piece.position(at + IndexRow.BYTES);
            }
            return false;
        }

        /** The piece with the row, at its position. */
        ByteBuffer row() {
            return piece;
        }

        private boolean fill() throws IOException {
            long left = segment.layout.rows() - nextPiece;
            if (left == 0) {
                return false;
            }
            int count = (int) Math.min(PIECE_BYTES / IndexRow.BYTES, left);
            segment.file.readFully(piece.clear().limit(count * IndexRow.BYTES), segment.layout.rowAt(nextPiece));
            piece.flip();
            nextPiece += count;
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
