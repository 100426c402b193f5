package sago.sender.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sago.common.limits.Limits;

/**
 * The holes of a file, ascending, none touching the next. References of a file name only the bytes between them: an offset among
 * those is a data offset, to be told from an offset in the file. Immutable.
 */
public final class Holes {
    public static final Holes NONE = new Holes(new long[0], new long[0]);

    private final long[] offsets;
    private final long[] lengths;

    /** Bytes of the holes before each one, and of all at the end. */
    private final long[] before;

    private Holes(long[] offsets, long[] lengths) {
        this.offsets = offsets;
        this.lengths = lengths;
        this.before = new long[offsets.length + 1];
        for (int i = 0; i < lengths.length; i++) {
            before[i + 1] = before[i] + lengths[i];
        }
    }

    /** Takes at most {@link Limits#HOLES_MAX}, ascending and apart from each other. */
    public static Holes of(List<Hole> ascending) {
        if (ascending.isEmpty()) {
            return NONE;
        }
        if (ascending.size() > Limits.HOLES_MAX) {
            throw new IllegalArgumentException(ascending.size() + " holes");
        }
        long[] offsets = new long[ascending.size()];
        long[] lengths = new long[ascending.size()];
        long end = -1;
        for (int i = 0; i < offsets.length; i++) {
            Hole hole = ascending.get(i);
            if (hole.offset() <= end) {
                throw new IllegalArgumentException("a hole at " + hole.offset() + " after one that ends at " + end);
            }
            offsets[i] = hole.offset();
            lengths[i] = hole.length();
            end = hole.end();
        }
        return new Holes(offsets, lengths);
    }

    public boolean isEmpty() {
        return offsets.length == 0;
    }

    public int count() {
        return offsets.length;
    }

    /** Sum of their lengths. */
    public long bytes() {
        return before[lengths.length];
    }

    /** Offset after the last one; 0 without any. */
    public long end() {
        int last = offsets.length - 1;
        return last < 0 ? 0 : offsets[last] + lengths[last];
    }

    public List<Hole> list() {
        List<Hole> list = new ArrayList<>(offsets.length);
        for (int i = 0; i < offsets.length; i++) {
            list.add(new Hole(offsets[i], lengths[i]));
        }
        return list;
    }

    /** Those that lie before the last of so many bytes of data: what is known of a file that ended earlier than it should. */
    public Holes before(long dataBytes) {
        int count = dataBytes == 0 ? 0 : holesBefore(dataBytes - 1);
        return count == offsets.length ? this : new Holes(Arrays.copyOf(offsets, count), Arrays.copyOf(lengths, count));
    }

    /**
     * Holes that begin and end at multiples of this, or at the end of the file: those that lie within these. What lies between them keeps its place
     * in blocks of that length.
     */
    public Holes alignedTo(int blockBytes, long fileBytes) {
        List<Hole> aligned = new ArrayList<>();
        for (Hole hole : list()) {
            long from = (hole.offset() + blockBytes - 1) / blockBytes * blockBytes;
            long to = hole.end() == fileBytes ? fileBytes : hole.end() / blockBytes * blockBytes;
            if (from < to) {
                aligned.add(new Hole(from, to - from));
            }
        }
        return of(aligned);
    }

    /** Where in the file the byte at this data offset lies; after the last byte, behind all holes. */
    public long toFile(long dataOffset) {
        return dataOffset + before[holesBefore(dataOffset)];
    }

    /** Where in the file this stretch of the data lies: pieces without holes, ascending. */
    public List<Extent> extents(long dataFrom, long dataLength) {
        List<Extent> extents = new ArrayList<>();
        long from = dataFrom;
        long left = dataLength;
        for (int next = holesBefore(dataFrom); left > 0; next++) {
            long offset = from + before[next];
            long length = next == offsets.length ? left : Math.min(left, offsets[next] - offset);
            extents.add(new Extent(offset, length));
            from += length;
            left -= length;
        }
        return extents;
    }

    /** How many holes lie before the byte at this data offset. */
    private int holesBefore(long dataOffset) {
        int low = 0;
        int high = offsets.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (offsets[middle] - before[middle] <= dataOffset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Holes holes
                && Arrays.equals(offsets, holes.offsets)
                && Arrays.equals(lengths, holes.lengths);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(offsets);
    }

    @Override
    public String toString() {
        return list().toString();
    }
}
