package sago.sender.node;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.pack.PackEntry;
import sago.sender.keys.SiteEndpoint;
import sago.sender.keys.VaultDataset;
import sago.sender.retain.Kept;

/**
 * What would be forgotten at one site. Nothing was ordered yet.
 *
 * @param snapshots every one that has not expired, newest first, with the rules that keep it
 */
public record ForgetPlan(
        VaultDataset dataset, SiteEndpoint site, SiteChain chain, List<Kept<TakenSnapshot>> snapshots) {
    /** Why a snapshot stays that no rule keeps. */
    static final String YOUNG = "younger than the minimum age";

    public ForgetPlan {
        snapshots = List.copyOf(snapshots);
    }

    /** A snapshot and when it was taken, in milliseconds. */
    public record TakenSnapshot(SiteChain.Link link, long takenMs) {
        Hash manifest() {
            return link.stub().manifestHash();
        }
    }

    /** Oldest first. */
    public List<TakenSnapshot> staying() {
        return some(true);
    }

    /** Oldest first. */
    public List<TakenSnapshot> going() {
        return some(false);
    }

    /** How many stay only because they are younger than the minimum age. */
    public long young() {
        return snapshots.stream()
                .filter(snapshot -> snapshot.reasons().contains(YOUNG))
                .count();
    }

    private List<TakenSnapshot> some(boolean staying) {
        return snapshots.stream()
                .filter(snapshot -> snapshot.stays() == staying)
                .map(Kept::snapshot)
                .sorted((a, b) -> Long.compare(a.link().sequence(), b.link().sequence()))
                .toList();
    }

    /** Bytes of packs that nothing names once these snapshots have expired: the site frees them when its grace is over. */
    public long freedBytes() {
        return freed().values().stream().mapToLong(PackEntry::length).sum();
    }

    /** Packs that nothing names once these snapshots have expired. */
    Set<PackId> unnamed() {
        return freed().keySet();
    }

    private Map<PackId, PackEntry> freed() {
        TreeSet<Long> after = new TreeSet<>();
        staying().forEach(snapshot -> after.add(snapshot.link().sequence()));
        TreeSet<Long> before = new TreeSet<>(after);
        going().forEach(snapshot -> before.add(snapshot.link().sequence()));
        Map<PackId, PackEntry> freed = chain.packs(before);
        freed.keySet().removeAll(chain.packs(after).keySet());
        return freed;
    }
}
