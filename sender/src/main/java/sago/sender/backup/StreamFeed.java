package sago.sender.backup;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.time.Clock;
import sago.sender.chunk.Chunker;
import sago.sender.source.SourceEntry;
import sago.sender.source.SourceListener;
import sago.sender.source.SourceRoots;
import sago.sender.source.SourceWalker;
import sago.sender.stream.ContentStream;
import sago.sender.tree.Attributes;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKind;
import sago.sender.tree.Moment;

/**
 * Reads a stream and finds its chunks; workers store them, several at a time. Chunks end nowhere but where the content says, so that what is inserted
 * shifts nothing. The last piece goes on only when the stream is known to be whole. Memory: a few buffers. Used once, on the walker thread.
 */
final class StreamFeed implements Feed {
    /** Buffers of two chunks of the longest kind: enough that every worker has one and the next is being filled, within the heap. */
    private static final int BUFFERS_MAX = 6;

    private static final int MODE = 0600;
    private static final long MS_PER_S = 1000;
    private static final int NS_PER_MS = 1_000_000;

    private final BackupSource.Stream source;
    private final Chunker chunker;
    private final BackupCounters counters;
    private final SourceListener trouble;
    private final Clock clock;
    private final BlockingQueue<byte[]> free;

    StreamFeed(
            BackupSource.Stream source,
            Chunker chunker,
            BackupCounters counters,
            SourceListener trouble,
            BackupMeans means) {
        this.source = source;
        this.chunker = chunker;
        this.counters = counters;
        this.trouble = trouble;
        this.clock = means.clock();
        int buffers = Math.min(means.workers() + 2, BUFFERS_MAX);
        this.free = new ArrayBlockingQueue<>(buffers);
        for (int i = 0; i < buffers; i++) {
            free.add(new byte[2 * chunker.maxBytes()]);
        }
    }

    @Override
    public void run(ItemQueues queues) throws IOException, InterruptedException {
        FileBatch above = new FileBatch(counters);
        above.add(top());
        queues.put(above, false);
        counters.filesSeen.increment();
        counters.filesNew.increment();
        Entry file = Entry.of(source.key(), attributes());
        try (ContentStream stream = source.opener().open()) {
            pieces(stream, file, queues);
        }
    }

    private void pieces(ContentStream stream, Entry file, ItemQueues queues)
            throws FaultException, InterruptedException {
        long start = 0;
        byte[] buffer = free.take();
        int filled = 0;
        boolean ended = false;
        while (!ended) {
            int read = filled < buffer.length ? read(stream, buffer, filled) : 0;
            filled += Math.max(0, read);
            ended = read < 0;
            if (!ended && filled < buffer.length) {
                continue;
            }
            List<Integer> ends = cut(buffer, filled, ended);
            int length = ends.isEmpty() ? 0 : ends.get(ends.size() - 1);
            if (ended) {
                stream.requireWhole();
            }
            byte[] next = ended ? buffer : free.take();
            System.arraycopy(buffer, length, next, 0, filled - length);
            StreamPiece.Place place = new StreamPiece.Place(file, start, length, ended);
            queues.put(new StreamPiece(place, new StreamPiece.Cuts(buffer, ends), free), true);
            buffer = next;
            filled -= length;
            start += length;
        }
    }

    private int read(ContentStream stream, byte[] buffer, int filled) throws FaultException, InterruptedException {
        long before = clock.monotonicNs();
        try {
            int read = stream.read(buffer, filled, buffer.length - filled);
            if (read > 0) {
                counters.bytesSeen.add(read);
                counters.bytesNew.add(read);
                counters.bytesRead.add(read);
            }
            return read;
        } catch (FaultException e) {
            throw e;
        } catch (IOException e) {
            throw new FaultException(
                    Fault.FATAL,
                    "the stream cannot be read to its end (" + e.getMessage() + "): nothing was committed",
                    e);
        } finally {
            counters.readNs.add(clock.monotonicNs() - before);
        }
    }

    /** Where chunks end; what is behind the last one is too short to tell, unless the stream has ended. */
    private List<Integer> cut(byte[] buffer, int filled, boolean ended) {
        List<Integer> ends = new ArrayList<>();
        int at = 0;
        while (filled - at >= chunker.maxBytes() || (ended && at < filled)) {
            at += chunker.cut(buffer, at, filled - at);
            ends.add(at);
        }
        return ends;
    }

    /** The folder that it stands in: that of this machine. */
    private Entry top() throws FaultException {
        SourceRoots roots = new SourceRoots(List.of(source.key()), List.of(source.key()));
        @Nullable SourceEntry top = new SourceWalker(roots, Set.of(), trouble).next();
        if (top == null) {
            throw new FaultException(Fault.FATAL, "the folder / cannot be read");
        }
        return top.entry();
    }

    private Attributes attributes() {
        long nowMs = clock.wallMs();
        Moment now = new Moment(Math.floorDiv(nowMs, MS_PER_S), (int) Math.floorMod(nowMs, MS_PER_S) * NS_PER_MS);
        return new Attributes(
                EntryKind.FILE, MODE, source.uid(), source.gid(), now, now, new Attributes.Identity(0, 0, 1), 0, 0);
    }
}
