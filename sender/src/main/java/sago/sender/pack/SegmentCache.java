package sago.sender.pack;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.common.id.PackId;

/**
 * Opened segments: of those that somebody has read the least recently used go first, and half of the budget is what may be fetched ahead of readers, which stays
 * until it is read. Each is fetched once even if several readers want it: the first one claims it and must settle the claim, the others wait. Arrays of segments that are gone are used again, because so many of them would otherwise
 * fill the old generation; so whoever reads one holds it pinned. Thread-safe.
 */
final class SegmentCache {
    private record Key(PackId pack, int segment) {}

    /** After reads of this many budgets nobody comes any more for what was fetched ahead before them: the reader went elsewhere. */
    private static final int STALE_BUDGETS = 4;

    /** Arrays kept for reuse beyond the budget. */
    private static final int SPARE_MAX = 8;

    private final long bytesMax;
    private final Map<Key, Segment> segments = new LinkedHashMap<>(16, 0.75f, true);
    private final ArrayDeque<byte[]> spare = new ArrayDeque<>();
    private long bytes;

    /** Of claims for later that nobody has read yet. */
    private long aheadBytes;

    /** Segments pinned so far. */
    private long reads;

    /** After so many of them it is worth looking for what is stale again. */
    private long nextStaleLook;

    SegmentCache(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** One segment: claimed, then opened. What it holds stays as it is while it is pinned. */
    static final class Segment {
        private final CompletableFuture<Segment> opened = new CompletableFuture<>();
        private byte[] bytes = {};
        private int length;
        private int pins;

        /** What it counts as fetched ahead; 0 once it was read. */
        private int ahead;

        /** How many segments had been read when it was claimed. */
        private long claimedAt;

        /** Done when the segment is there, or nobody fetches it any more; with the fault if it cannot be had. */
        CompletableFuture<Segment> opened() {
            return opened;
        }

        /** Whether it is there; otherwise who fetched it gave up. Only once {@link #opened} is done. */
        boolean isThere() {
            return bytes.length > 0;
        }

        /** The plaintext, from 0 on; not to be changed. Only once it is opened, and while it is pinned. */
        byte[] bytes() {
            return bytes;
        }

        /** Length of the plaintext; the array may be longer. */
        int length() {
            return length;
        }
    }

    /**
     * Pins a range of segments.
     *
     * @param pinned gets all of them, in ascending order, opened or not
     * @return those that nobody has or fetches: they are now the caller's to {@link #settle} or {@link #fail}
     */
    synchronized List<Integer> pin(PackId pack, int first, int count, List<Segment> pinned) {
        List<Integer> claimed = new ArrayList<>();
        for (int i = first; i < first + count; i++) {
            Segment segment = segments.get(new Key(pack, i));
            if (segment == null) {
                segment = new Segment();
                segments.put(new Key(pack, i), segment);
                claimed.add(i);
            }
            aheadBytes -= segment.ahead;
            segment.ahead = 0;
            reads++;
            segment.pins++;
            pinned.add(segment);
        }
        return claimed;
    }

    /**
     * Claims segments of a range that nobody has or fetches, for later, as far as there is room for them; pins none.
     *
     * @param segmentBytes of each, at most
     */
    synchronized List<Integer> claim(PackId pack, int first, int count, int segmentBytes) {
        if (aheadBytes + segmentBytes > bytesMax / 2 && reads >= nextStaleLook) {
            dropStale(reads - STALE_BUDGETS * bytesMax / segmentBytes);
            nextStaleLook = reads + bytesMax / segmentBytes;
        }
        List<Integer> claimed = new ArrayList<>();
        for (int i = first; i < first + count && aheadBytes + segmentBytes <= bytesMax / 2; i++) {
            Key key = new Key(pack, i);
            if (!segments.containsKey(key)) {
                Segment segment = new Segment();
                segment.ahead = segmentBytes;
                segment.claimedAt = reads;
                aheadBytes += segmentBytes;
                segments.put(key, segment);
                claimed.add(i);
            }
        }
        return claimed;
    }

    /** Ends one pin. */
    synchronized void unpin(Segment segment) {
        if (segment.pins == 0) {
            throw new IllegalStateException("a segment was released twice");
        }
        segment.pins--;
    }

    /** An array of this length to open a segment into. */
    byte[] room(int length) {
        synchronized (this) {
            byte[] used = spare.pollFirst();
            if (used != null && used.length == length) {
                return used;
            }
        }
        return new byte[length];
    }

    /** Ends a claim with the segment's plaintext in an array of {@link #room}, which belongs to the cache from now on. */
    void settle(PackId pack, int segment, byte[] plain, int length) {
        Segment claimed;
        synchronized (this) {
            claimed = segments.get(new Key(pack, segment));
            if (claimed == null) {
                throw new IllegalStateException("segment " + segment + " of pack " + pack + " was not claimed");
            }
            claimed.bytes = plain;
            claimed.length = length;
            bytes += plain.length;
            evict();
        }
        claimed.opened.complete(claimed);
    }

    /**
     * Ends claims that came to nothing. Whoever comes later tries anew.
     *
     * @param claimed by the caller and not settled: what was settled may be gone already, and claimed by somebody else
     * @param fault what those get who wait; null if they shall try themselves
     */
    void fail(PackId pack, Collection<Integer> claimed, @Nullable FaultException fault) {
        List<Segment> failed = new ArrayList<>();
        synchronized (this) {
            for (int i : claimed) {
                Key key = new Key(pack, i);
                Segment segment = segments.get(key);
                if (segment != null && !segment.isThere()) {
                    segments.remove(key);
                    aheadBytes -= segment.ahead;
                    segment.ahead = 0;
                    failed.add(segment);
                }
            }
        }
        for (Segment segment : failed) {
            if (fault == null) {
                segment.opened.complete(segment);
            } else {
                segment.opened.completeExceptionally(fault);
            }
        }
    }

    private void evict() {
        Iterator<Segment> eldest = segments.values().iterator();
        while (bytes > bytesMax && eldest.hasNext()) {
            Segment segment = eldest.next();
            if (segment.isThere() && segment.pins == 0 && segment.ahead == 0) {
                drop(segment);
                eldest.remove();
            }
        }
    }

    /** Drops what was fetched ahead and not read by so many reads. */
    private void dropStale(long claimedBefore) {
        segments.values().removeIf(segment -> {
            boolean isStale = segment.isThere() && segment.ahead > 0 && segment.claimedAt < claimedBefore;
            if (isStale) {
                aheadBytes -= segment.ahead;
                drop(segment);
            }
            return isStale;
        });
    }

    private void drop(Segment segment) {
        bytes -= segment.bytes.length;
        if (spare.size() < SPARE_MAX) {
            spare.addFirst(segment.bytes);
        }
    }

    synchronized long bytes() {
        return bytes;
    }
}
