package sago.sender.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import sago.common.time.Clock;
import sago.sender.chunk.FastCdc;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;

/** Reads a range of a file and stores its chunks, with one buffer for all files. Confined to one worker. */
final class FileReader {
    /** One read: the JDK copies through a direct buffer of this size, which stays in the core's cache. */
    private static final int READ_BYTES = 512 << 10;

    private final FastCdc chunker;
    private final DedupChunkWriter writer;
    private final BackupCounters counters;
    private final Clock clock;
    private final byte[] buffer;
    private final ByteBuffer view;

    FileReader(FastCdc chunker, DedupChunkWriter writer, BackupCounters counters, Clock clock) {
        this.chunker = chunker;
        this.writer = writer;
        this.counters = counters;
        this.clock = clock;
        this.buffer = new byte[chunker.maxBytes() * 2];
        this.view = ByteBuffer.wrap(buffer);
    }

    /**
     * Chunks of {@code length} bytes from {@code start}; fewer if the file has become shorter.
     *
     * @throws sago.common.fault.FaultException when the session cannot go on; any other IOException is the file's
     */
    List<ChunkRef> read(FileChannel file, long start, long length) throws IOException, InterruptedException {
        writer.beginStream();
        List<ChunkRef> refs = new ArrayList<>(1 + (int) (length >> 20));
        long position = start;
        long end = start + length;
        int from = 0;
        int to = 0;
        while (true) {
            while (to - from < chunker.maxBytes() && position < end) {
                if (buffer.length - to < READ_BYTES && from > 0) {
                    System.arraycopy(buffer, from, buffer, 0, to - from);
                    to -= from;
                    from = 0;
                }
                int read = fill(file, position, to, (int) Math.min(end - position, buffer.length - to));
                if (read < 0) {
                    end = position;
                } else {
                    position += read;
                    to += read;
                }
            }
            if (from == to) {
                return refs;
            }
            int cut = chunker.cut(buffer, from, to - from);
            refs.add(writer.write(ChunkKind.DATA, buffer, from, cut));
            from += cut;
        }
    }

    private int fill(FileChannel file, long position, int at, int room) throws IOException {
        long before = clock.monotonicNs();
        view.limit(at + Math.min(room, READ_BYTES)).position(at);
        int read = file.read(view, position);
        counters.readNs.add(clock.monotonicNs() - before);
        if (read > 0) {
            counters.bytesRead.add(read);
        }
        return read;
    }
}
