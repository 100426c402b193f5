package sago.sender.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;
import sago.common.time.Clock;
import sago.sender.chunk.Chunker;
import sago.sender.chunk.FixedChunker;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.tree.Extent;

/** Reads stretches of a file and stores their chunks, with one buffer for all files. Confined to one worker. */
final class FileReader {
    /** One read: the JDK copies through a direct buffer of this size, which stays in the core's cache. */
    private static final int READ_BYTES = 512 << 10;

    private static final byte[] ZEROS = new byte[FixedChunker.IMAGE.maxBytes()];

    private final DedupChunkWriter writer;
    private final BackupCounters counters;
    private final Clock clock;
    private final byte[] buffer;
    private final ByteBuffer view;

    /** The chunk of zeros, of which an image of a disk may have very many. It stays stored as long as this scan lasts. */
    private @Nullable ChunkRef zeros;

    /** @param chunkBytesMax longest chunk of any chunker that it is used with */
    FileReader(DedupChunkWriter writer, int chunkBytesMax, BackupCounters counters, Clock clock) {
        if (chunkBytesMax > Limits.CHUNK_BYTES_MAX) {
            throw new IllegalArgumentException("chunks of " + chunkBytesMax + " bytes");
        }
        this.writer = writer;
        this.counters = counters;
        this.clock = clock;
        this.buffer = new byte[Math.max(chunkBytesMax, FixedChunker.IMAGE.maxBytes()) * 2];
        this.view = ByteBuffer.wrap(buffer);
    }

    /**
     * Chunks of the bytes in these stretches, as if they followed each other; fewer if the file has become shorter.
     *
     * @throws FaultException when the session cannot go on; any other IOException is the file's
     */
    List<ChunkRef> read(FileChannel file, List<Extent> extents, Chunker chunker)
            throws IOException, InterruptedException {
        writer.beginStream();
        List<ChunkRef> refs = new ArrayList<>();
        Stretches from = new Stretches(file, extents.iterator());
        int start = 0;
        int end = 0;
        while (true) {
            while (end - start < chunker.maxBytes() && from.hasMore()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (buffer.length - end < READ_BYTES && start > 0) {
                    System.arraycopy(buffer, start, buffer, 0, end - start);
                    end -= start;
                    start = 0;
                }
                end += from.read(end);
            }
            if (start == end) {
                return refs;
            }
            int cut = chunker.cut(buffer, start, end - start);
            refs.add(chunker == FixedChunker.IMAGE ? image(start, cut) : data(start, cut));
            start += cut;
        }
    }

    /** Chunks that were read and cut already. */
    List<ChunkRef> store(StreamPiece.Cuts cuts) throws FaultException, InterruptedException {
        writer.beginStream();
        List<ChunkRef> refs = new ArrayList<>();
        int start = 0;
        for (int end : cuts.ends()) {
            refs.add(writer.write(ChunkKind.DATA, cuts.buffer(), start, end - start));
            start = end;
        }
        return refs;
    }

    private ChunkRef data(int start, int length) throws FaultException, InterruptedException {
        return writer.write(ChunkKind.DATA, buffer, start, length);
    }

    private ChunkRef image(int start, int length) throws FaultException, InterruptedException {
        if (length != ZEROS.length || !Arrays.equals(buffer, start, start + length, ZEROS, 0, length)) {
            return data(start, length);
        }
        ChunkRef known = zeros;
        if (known == null) {
            known = data(start, length);
            zeros = known;
        }
        return known;
    }

    /** The stretches that are left of a file. */
    private final class Stretches {
        private final FileChannel file;
        private final Iterator<Extent> extents;
        private long position;
        private long left;
        private boolean ended;

        Stretches(FileChannel file, Iterator<Extent> extents) {
            this.file = file;
            this.extents = extents;
        }

        boolean hasMore() {
            return !ended && (left > 0 || extents.hasNext());
        }

        /** Reads into the buffer, at most as much as there is room behind {@code at}; nothing at the end of the file. */
        int read(int at) throws IOException {
            if (left == 0) {
                Extent next = extents.next();
                position = next.offset();
                left = next.length();
            }
            long before = clock.monotonicNs();
            int room = (int) Math.min(left, Math.min(buffer.length - at, READ_BYTES));
            view.limit(at + room).position(at);
            int read = file.read(view, position);
            counters.readNs.add(clock.monotonicNs() - before);
            if (read < 0) {
                ended = true;
                return 0;
            }
            counters.bytesRead.add(read);
            position += read;
            left -= read;
            return read;
        }
    }
}
