package sago.sender.upload;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.common.pack.PackEntry;
import sago.common.pack.PackGeometry;
import sago.sender.pack.PackImage;
import sago.sender.pack.PackedChunk;

/**
 * One pack between sealing and its acknowledgement: for each slice what is known of it.
 *
 * <pre>
 * EMPTY -sealed-> READY -taken by a connection-> SENT -connection lost-> DOUBTED -the site says-> HELD or READY
 * </pre>
 *
 * Guarded by the lock of its {@link Transmitter}.
 */
final class OutboundPack {
    private enum SliceState {
        EMPTY,
        READY,
        SENT,
        DOUBTED,
        HELD
    }

    private static final int NO_LINK = -1;

    private final PackImage image;
    private final int sliceBytes;
    private final SliceState[] slices;
    /** The connection that carries or carried a slice, or NO_LINK while it was never written. */
    private final int[] carriers;

    private int sealed;
    private int ready;
    private int firstReady;
    private int endCarrier = NO_LINK;
    private @Nullable PackEntry entry;
    private List<PackedChunk> chunks = List.of();
    private int pins;
    private boolean durable;
    private boolean settled;

    OutboundPack(PackImage image, PackGeometry geometry) {
        this.image = image;
        this.sliceBytes = geometry.segmentBytes();
        int count = geometry.segments(geometry.packBytes());
        this.slices = new SliceState[count];
        this.carriers = new int[count];
        Arrays.fill(slices, SliceState.EMPTY);
        Arrays.fill(carriers, NO_LINK);
    }

    PackImage image() {
        return image;
    }

    int sliceBytes() {
        return sliceBytes;
    }

    @Nullable
    PackEntry entry() {
        return entry;
    }

    List<PackedChunk> chunks() {
        return chunks;
    }

    boolean durable() {
        return durable;
    }

    void sealed(int index) {
        if (slices[index] != SliceState.EMPTY) {
            throw new IllegalStateException("slice " + index + " of pack " + image.id() + " was handed over twice");
        }
        if (entry != null) {
            throw new IllegalStateException("pack " + image.id() + " is complete, yet slice " + index + " comes");
        }
        sealed++;
        makeReady(index);
    }

    void complete(PackEntry what, List<PackedChunk> records, PackGeometry geometry) {
        if (!what.id().equals(image.id()) || !geometry.allowsLength(what.length())) {
            throw new IllegalStateException("not an entry of pack " + image.id() + ": " + what);
        }
        int expected = geometry.segments((int) what.length());
        if (entry != null || sealed != expected || slices[expected - 1] == SliceState.EMPTY) {
            throw new IllegalStateException(
                    "pack " + image.id() + " of " + expected + " slices is completed after " + sealed);
        }
        entry = what;
        chunks = records;
    }

    /** Of slices that wait for a connection; a short last one counts as a full one. */
    long readyBytes() {
        return (long) ready * sliceBytes;
    }

    /** Whether {@link #take} would give one. */
    boolean hasSlice() {
        return ready > 0 && (entry != null || sealed >= 2);
    }

    /**
     * Takes the next slice for a connection, or null. The first slice waits for the second or for the end, because
     * only then its length is known: a pack smaller than a segment is one short slice.
     */
    Work.@Nullable Slice take(int link) {
        if (!hasSlice()) {
            return null;
        }
        int index = firstReady;
        while (slices[index] != SliceState.READY) {
            index++;
        }
        firstReady = index + 1;
        boolean again = carriers[index] != NO_LINK;
        slices[index] = SliceState.SENT;
        carriers[index] = link;
        ready--;
        pins++;
        int length = entry == null ? sliceBytes : (int) Math.min(sliceBytes, entry.length());
        return new Work.Slice(this, index, length, again);
    }

    /** Takes the pack's end for a connection once every slice was taken, or null. */
    Work.@Nullable End takeEnd(int link) {
        if (entry == null || ready > 0 || endCarrier != NO_LINK || doubted()) {
            return null;
        }
        endCarrier = link;
        return new Work.End(entry);
    }

    /** Nothing that this connection carried counts as arrived any more. */
    void linkLost(int link) {
        for (int i = 0; i < slices.length; i++) {
            if (carriers[i] == link && slices[i] == SliceState.SENT) {
                slices[i] = SliceState.DOUBTED;
            }
        }
        if (endCarrier == link) {
            endCarrier = NO_LINK;
        }
    }

    /** Whether the site has to be asked about this pack after a lost connection. */
    boolean started() {
        for (SliceState state : slices) {
            if (state == SliceState.SENT || state == SliceState.DOUBTED || state == SliceState.HELD) {
                return true;
            }
        }
        return false;
    }

    /** Whether all of it was sent, so that an acknowledgement is due. */
    boolean ended() {
        return endCarrier != NO_LINK;
    }

    /** What the site holds: doubts end. A slice that a live connection carries stays as it is. */
    void learn(byte[] bitmap) {
        for (int i = 0; i < slices.length; i++) {
            if (slices[i] == SliceState.DOUBTED || slices[i] == SliceState.HELD) {
                boolean held = (i >> 3) < bitmap.length && (bitmap[i >> 3] & (1 << (i & 7))) != 0;
                if (held) {
                    slices[i] = SliceState.HELD;
                } else {
                    makeReady(i);
                }
            }
        }
    }

    /** The site promised to keep it. Nothing of it is sent any more; answers whether this is news. */
    boolean becomeDurable() {
        if (durable) {
            return false;
        }
        durable = true;
        ready = 0;
        return true;
    }

    void unpin() {
        if (pins == 0) {
            throw new IllegalStateException("slice of pack " + image.id() + " was written twice");
        }
        pins--;
    }

    void settle() {
        settled = true;
    }

    /** Whether the image may be used for another pack: acknowledged, told, and no connection reads it. */
    boolean spent() {
        return settled && pins == 0;
    }

    private boolean doubted() {
        for (SliceState state : slices) {
            if (state == SliceState.DOUBTED) {
                return true;
            }
        }
        return false;
    }

    private void makeReady(int index) {
        slices[index] = SliceState.READY;
        ready++;
        firstReady = Math.min(firstReady, index);
    }
}
