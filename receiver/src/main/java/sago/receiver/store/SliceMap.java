package sago.receiver.store;

import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.common.id.Hash;

/** Which slices of a pack are being written, which are held, and the root of each. Guarded by its pack. */
final class SliceMap {
    private final BitSet claimed = new BitSet();
    private final BitSet held = new BitSet();
    private @Nullable Hash[] roots = new Hash[0];

    /** Takes a slice for writing; false where it is held or being written. */
    boolean claim(int slice) {
        if (claimed.get(slice)) {
            return false;
        }
        claimed.set(slice);
        return true;
    }

    void hold(int slice, Hash root) {
        if (slice >= roots.length) {
            roots = Arrays.copyOf(roots, Math.max(slice + 1, 2 * roots.length));
        }
        roots[slice] = root;
        held.set(slice);
    }

    /** The write failed: the slice may come again. */
    void giveUp(int slice) {
        claimed.clear(slice);
    }

    /** Slices that are held. */
    int held() {
        return held.cardinality();
    }

    /** One more than the highest slice that was claimed. */
    int span() {
        return claimed.length();
    }

    boolean holdsAll(int slices) {
        return held.nextClearBit(0) >= slices;
    }

    List<Hash> roots(int slices) {
        return List.of(Arrays.copyOf(roots, slices, Hash[].class));
    }

    /** Bit i, least significant first, is set where slice i is held. */
    ByteString bitmap() {
        return ByteString.copyFrom(held.toByteArray());
    }
}
