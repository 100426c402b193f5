package sago.common.durable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Bytes of one file: those of now, those that survive for sure, and the writes between. Guarded by the disk's monitor. */
final class SimInode {
    /** Bytes written at a position, or with none a new, smaller size. */
    private static final class Change {
        final long position;
        final byte[] bytes;
        final boolean truncates;

        Change(long position, byte[] bytes, boolean truncates) {
            this.position = position;
            this.bytes = bytes;
            this.truncates = truncates;
        }
    }

    private byte[] now = new byte[0];
    private byte[] durable = new byte[0];
    private final List<Change> pending = new ArrayList<>();

    long size() {
        return now.length;
    }

    void write(long position, byte[] bytes) {
        now = written(now, position, bytes);
        pending.add(new Change(position, bytes, false));
    }

    void truncate(long size) {
        if (size < now.length) {
            now = Arrays.copyOf(now, (int) size);
            pending.add(new Change(size, new byte[0], true));
        }
    }

    int read(ByteBuffer into, long position) {
        if (position >= now.length) {
            return into.hasRemaining() ? -1 : 0;
        }
        int length = (int) Math.min(into.remaining(), now.length - position);
        into.put(now, (int) position, length);
        return length;
    }

    void force() {
        durable = now.clone();
        pending.clear();
    }

    /** What a failed force leaves: the bytes are still seen, and are lost at the next power loss. */
    void loseWrites() {
        pending.clear();
    }

    void flip(long bit) {
        now = now.clone();
        now[(int) (bit / 8)] ^= (byte) (1 << (bit % 8));
        durable = now.clone();
    }

    /** Each block of each write since the last force is kept or lost on its own, so that what lies before a kept one may be zeros. */
    SimInode afterCrash(Random random, int block) {
        byte[] kept = durable;
        for (Change change : pending) {
            if (change.truncates) {
                if (random.nextBoolean() && change.position < kept.length) {
                    kept = Arrays.copyOf(kept, (int) change.position);
                }
                continue;
            }
            long end = change.position + change.bytes.length;
            for (long at = change.position; at < end; ) {
                long next = Math.min(end, (at / block + 1) * block);
                if (random.nextBoolean()) {
                    int from = (int) (at - change.position);
                    kept = written(kept, at, Arrays.copyOfRange(change.bytes, from, from + (int) (next - at)));
                }
                at = next;
            }
            if (kept.length < end && random.nextBoolean()) {
                kept = Arrays.copyOf(kept, (int) end);
            }
        }
        SimInode after = new SimInode();
        after.now = kept.clone();
        after.durable = kept.clone();
        return after;
    }

    private static byte[] written(byte[] old, long position, byte[] bytes) {
        byte[] result = Arrays.copyOf(old, (int) Math.max(old.length, position + bytes.length));
        System.arraycopy(bytes, 0, result, (int) position, bytes.length);
        return result;
    }
}
