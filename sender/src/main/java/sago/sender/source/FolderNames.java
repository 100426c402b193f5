package sago.sender.source;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sago.common.limits.Limits;

/**
 * The names of a folder, given in ascending order out of bounded memory: if they do not fit, the lowest are kept, and when those are taken the
 * folder is listed once more for what comes after them. Confined to one thread.
 */
final class FolderNames {
    private static final int FIRST_BYTES = 1 << 10;

    /** Of the order of a name. */
    private static final int OFFSET_BYTES = 4;

    private final Lister lister;
    private final int bytesMax;

    /** Names one after the other, each behind a byte with its length. */
    private byte[] arena = new byte[FIRST_BYTES];

    private int arenaBytes;
    private int[] offsets = new int[FIRST_BYTES / 16];
    private int count;
    private int next;

    /** Names up to here were taken before this listing. */
    private byte @Nullable [] floor;

    /** Names from here on did not fit into this listing. */
    private byte @Nullable [] ceiling;

    private final byte[] scratch = new byte[Limits.FILE_NAME_BYTES_MAX];

    /** Lists the folder once more into {@link #add}. */
    interface Lister {
        void list(FolderNames into);
    }

    /** @param bytesMax of the names held at once, at least a few of them */
    FolderNames(Lister lister, int bytesMax) {
        this.lister = lister;
        this.bytesMax = Math.max(bytesMax, 16 << 10);
        list();
    }

    private void list() {
        arenaBytes = 0;
        count = 0;
        next = 0;
        ceiling = null;
        lister.list(this);
        sort();
    }

    /** The lowest name that was not taken yet, or null. */
    byte @Nullable [] take() {
        while (true) {
            if (next == count && ceiling != null) {
                list();
            }
            if (next == count) {
                release();
                return null;
            }
            byte[] name = name(offsets[next++]);
            // A folder that changes while it is listed may give a name twice.
            if (!Arrays.equals(name, floor)) {
                floor = name;
                return name;
            }
        }
    }

    private void release() {
        arena = new byte[0];
        offsets = new int[0];
        count = 0;
        next = 0;
    }

    /** Bytes of memory held. */
    int heldBytes() {
        return arena.length + offsets.length * OFFSET_BYTES;
    }

    /** Adds a name of the folder: these bytes of the buffer. */
    void add(ByteBuffer from, int offset, int length) {
        if (length > scratch.length) {
            throw new IllegalArgumentException("a name of " + length + " bytes");
        }
        from.get(offset, scratch, 0, length);
        if ((floor != null && compare(scratch, length, floor) <= 0)
                || (ceiling != null && compare(scratch, length, ceiling) >= 0)) {
            return;
        }
        if (arenaBytes + 1 + length > arena.length) {
            if (arenaBytes + 1 + length + (count + 1) * OFFSET_BYTES > bytesMax) {
                keepLowerHalf();
                add(from, offset, length);
                return;
            }
            arena = Arrays.copyOf(arena, (int) Math.min(bytesMax, Math.max(arena.length * 2L, FIRST_BYTES)));
        }
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, Math.max(64, count * 2));
        }
        offsets[count++] = arenaBytes;
        arena[arenaBytes] = (byte) length;
        System.arraycopy(scratch, 0, arena, arenaBytes + 1, length);
        arenaBytes += 1 + length;
    }

    private void keepLowerHalf() {
        sort();
        int kept = count / 2;
        ceiling = name(offsets[kept]);
        byte[] lower = new byte[arena.length];
        int bytes = 0;
        for (int i = 0; i < kept; i++) {
            int length = 1 + (arena[offsets[i]] & 0xff);
            System.arraycopy(arena, offsets[i], lower, bytes, length);
            offsets[i] = bytes;
            bytes += length;
        }
        arena = lower;
        arenaBytes = bytes;
        count = kept;
    }

    private byte[] name(int offset) {
        return Arrays.copyOfRange(arena, offset + 1, offset + 1 + (arena[offset] & 0xff));
    }

    private static int compare(byte[] name, int length, byte[] other) {
        return Arrays.compareUnsigned(name, 0, length, other, 0, other.length);
    }

    private int compare(int offset, int other) {
        return Arrays.compareUnsigned(
                arena,
                offset + 1,
                offset + 1 + (arena[offset] & 0xff),
                arena,
                other + 1,
                other + 1 + (arena[other] & 0xff));
    }

    /** Merges runs of doubling length: no order of a folder, chosen by whomever, makes this slow. */
    private void sort() {
        int[] from = offsets;
        int[] to = new int[count];
        for (int run = 1; run < count; run *= 2) {
            for (int start = 0; start < count; start += 2 * run) {
                merge(from, to, start, Math.min(start + run, count), Math.min(start + 2 * run, count));
            }
            int[] merged = to;
            to = from;
            from = merged;
        }
        offsets = from;
    }

    private void merge(int[] from, int[] to, int start, int middle, int end) {
        int left = start;
        int right = middle;
        for (int at = start; at < end; at++) {
            boolean takeLeft = right == end || (left < middle && compare(from[left], from[right]) <= 0);
            to[at] = takeLeft ? from[left++] : from[right++];
        }
    }
}
