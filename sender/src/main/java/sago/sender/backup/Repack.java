package sago.sender.backup;

import java.util.Comparator;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Set;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.PackId;
import sago.common.id.SiteId;
import sago.common.limits.Limits;
import sago.common.pack.PackGeometry;
import sago.sender.catalog.LivePack;
import sago.sender.catalog.UseRegister;

/**
 * Chooses packs that count as absent in a run, so that nothing of them is used again and the next manifest drops them: those that give
 * nothing to the newest tree, and of those that are less than half alive the ones with the fewest live bytes, until a budget is used up.
 * What is alive in them is read from the source again and stored in new packs. Used by one thread.
 */
final class Repack {
    private final PackGeometry geometry;
    private final long liveBytesMax;
    private final int packsMax;
    private final Set<PackId> dead = new HashSet<>();

    /** The most alive one on top: it gives way first. */
    private final PriorityQueue<LivePack> sparse =
            new PriorityQueue<>(Comparator.comparingLong(LivePack::liveBytes).reversed());

    private long liveBytes;

    private Repack(PackGeometry geometry, long liveBytesMax, int packsMax) {
        this.geometry = geometry;
        this.liveBytesMax = liveBytesMax;
        this.packsMax = packsMax;
    }

    /**
     * The packs that count as absent.
     *
     * @param liveBytesMax the budget
     */
    static Set<PackId> choose(UseRegister uses, PackGeometry geometry, Place place, long liveBytesMax)
            throws FaultException {
        return choose(uses, geometry, place, liveBytesMax, Limits.DROPPED_PER_COMMIT_MAX);
    }

    /** A dataset at a site, and the sequence of its newest snapshot there. */
    record Place(DatasetId dataset, SiteId site, long sequence) {}

    static Set<PackId> choose(UseRegister uses, PackGeometry geometry, Place place, long liveBytesMax, int packsMax)
            throws FaultException {
        Repack repack = new Repack(geometry, liveBytesMax, packsMax);
        uses.live(place.dataset(), place.site(), place.sequence(), repack::offer);
        return repack.chosen();
    }

    private void offer(LivePack pack) {
        if (pack.liveBytes() == 0) {
            if (dead.size() < packsMax) {
                dead.add(pack.pack());
            }
        } else if (fitsHalf(pack)) {
            sparse.add(pack);
            liveBytes += pack.liveBytes();
            while (liveBytes > liveBytesMax || sparse.size() > packsMax) {
                liveBytes -= sparse.remove().liveBytes();
            }
        }
    }

    /** Whether what lives in the pack would fit into one of half its length: never true of one that is all alive. */
    private boolean fitsHalf(LivePack pack) {
        int half = (int) (pack.length() / 2);
        return geometry.allowsLength(half) && pack.liveBytes() <= geometry.plainBytes(half);
    }

    private Set<PackId> chosen() {
        Set<PackId> chosen = new HashSet<>(dead);
        for (LivePack pack : sparse) {
            if (chosen.size() < packsMax) {
                chosen.add(pack.pack());
            }
        }
        return Set.copyOf(chosen);
    }
}
