package sago.sender.pack;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import sago.common.fault.FaultException;
import sago.sender.seal.Aead;

/** Fetches claimed segments, neighbours together, opens them and settles them in the cache. Thread-safe. */
final class SegmentLoader {
    /** One fetch: enough to fill a line, little enough for many readers. */
    static final int FETCH_BYTES_MAX = 2 << 20;

    private final PackFetcher fetcher;
    private final SegmentCache cache;

    SegmentLoader(PackFetcher fetcher, SegmentCache cache) {
        this.fetcher = fetcher;
        this.cache = cache;
    }

    /** What a fetch needs of the thread that does it. */
    interface Tools {
        Aead aead();

        /** A buffer of this length, until the next call. */
        ByteBuffer buffer(int length);
    }

    /** Ends every claim: well, or with the fault that it throws, or, after any other exception, so that whoever waits tries itself. */
    void load(Tools tools, OpenedPack pack, List<Integer> claimed) throws FaultException, InterruptedException {
        Queue<Integer> left = new ArrayDeque<>(claimed);
        FaultException fault = null;
        try {
            for (int from = 0; from < claimed.size(); ) {
                int to = runEnd(pack, claimed, from);
                loadRun(tools, pack, claimed.subList(from, to), left);
                from = to;
            }
        } catch (FaultException e) {
            fault = e;
            throw e;
        } finally {
            cache.fail(pack.id(), left, fault);
        }
    }

    private static int runEnd(OpenedPack pack, List<Integer> claimed, int from) {
        int to = from + 1;
        int bytes = pack.segmentLength(claimed.get(from));
        while (to < claimed.size() && claimed.get(to) == claimed.get(to - 1) + 1) {
            bytes += pack.segmentLength(claimed.get(to));
            if (bytes > FETCH_BYTES_MAX) {
                break;
            }
            to++;
        }
        return to;
    }

    private void loadRun(Tools tools, OpenedPack pack, List<Integer> run, Queue<Integer> left)
            throws FaultException, InterruptedException {
        int first = run.get(0);
        int last = run.get(run.size() - 1);
        int offset = pack.segmentOffset(first);
        ByteBuffer sealed = tools.buffer(pack.segmentOffset(last) + pack.segmentLength(last) - offset);
        fetcher.fetch(pack.id(), offset, sealed.duplicate());
        for (int segment : run) {
            ByteBuffer one = sealed.duplicate();
            int at = pack.segmentOffset(segment) - offset;
            one.position(at).limit(at + pack.segmentLength(segment));
            byte[] plain = cache.room(pack.segmentPlainBytes());
            int length = pack.openSegment(tools.aead(), segment, one, plain);
            left.remove();
            cache.settle(pack.id(), segment, plain, length);
        }
    }
}
