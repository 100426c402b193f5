package sago.sender.node;

import java.io.IOException;
import java.util.List;
import sago.sender.keys.RotationState;
import sago.sender.keys.Vault;

/**
 * Replaces the key of a dataset (docs/SURVIVAL.md, "Rotation"): session headers are sealed anew, no payload moves. It may be cut off anywhere
 * and run again, because it asks each site what is left to do, and keeps both keys until every site has signed that nothing is. The
 * caller holds the home alone. Confined to one thread.
 */
public final class Rotation {
    private final HomeNode node;
    private final Vault vault;
    private final String dataset;
    private final Listener listener;

    /** Hears of each durable step. What it throws ends the rotation there. */
    @FunctionalInterface
    public interface Listener {
        /** @param site empty where it is home's own step */
        void done(RotationStep step, String site);
    }

    public Rotation(HomeNode node, Vault vault, String dataset, Listener listener) {
        this.node = node;
        this.vault = vault;
        this.dataset = dataset;
        this.listener = listener;
    }

    /** Begins a rotation, or goes on with the one that was begun. */
    public RotationReport run() throws IOException, InterruptedException {
        RotationMarks marks = new RotationMarks(node.context());
        int keyEpoch = vault.beginRotation(dataset);
        RotationState state = vault.rotation(dataset)
                .orElseThrow(() -> new IllegalStateException("no rotation of " + dataset + ", which was begun"));
        marks.begun(state.dataset());
        listener.done(RotationStep.BEGUN, "");
        List<SiteRotation> sites = vault.sites().stream()
                .map(endpoint -> new SiteRotation(node, vault, endpoint, listener))
                .toList();
        for (SiteRotation site : sites) {
            if (state.sender().isEmpty()) {
                site.show(dataset);
            }
            site.reseal(state);
        }
        String needsBundle = state.needsBundle() ? state.sender() : "";
        boolean ended = needsBundle.isEmpty() && retire(sites, state);
        if (ended) {
            vault.endRotation(dataset);
            marks.ended(state.dataset());
            listener.done(RotationStep.ENDED, "");
        }
        return new RotationReport(
                keyEpoch, sites.stream().map(SiteRotation::report).toList(), ended, needsBundle);
    }

    /** Only when every site has all new headers does the first one delete an old one. */
    private static boolean retire(List<SiteRotation> sites, RotationState state)
            throws IOException, InterruptedException {
        if (sites.stream().anyMatch(SiteRotation::isAway)) {
            return false;
        }
        for (SiteRotation site : sites) {
            site.retire(state);
        }
        return sites.stream().noneMatch(SiteRotation::isAway);
    }
}
