package sago.sender.node;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import sago.common.durable.FileAccess;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.sender.catalog.SnapshotRegister;
import sago.sender.keys.SiteEndpoint;
import sago.sender.keys.Vault;
import sago.sender.keys.VaultDataset;
import sago.sender.node.ForgetPlan.TakenSnapshot;
import sago.sender.retain.Kept;
import sago.sender.retain.WalkMemory;
import sago.sender.upload.RestoreClient;

/** Finds out what is at the sites and what rules say of it. Orders nothing. Confined to one thread. */
final class ForgetPlanner {
    private final HomeNode node;
    private final Vault vault;
    private final ForgetRules rules;
    private final Forget.Listener listener;

    ForgetPlanner(HomeNode node, Vault vault, ForgetRules rules, Forget.Listener listener) {
        this.node = node;
        this.vault = vault;
        this.rules = rules;
        this.listener = listener;
    }

    /** One plan for each site, in their order; NOT_FOUND for a named snapshot that no site has. */
    List<ForgetPlan> plan(VaultDataset dataset, List<SiteEndpoint> sites) throws IOException, InterruptedException {
        Set<String> unknown = new HashSet<>(rules.named());
        List<ForgetPlan> plans = new ArrayList<>();
        for (SiteEndpoint site : sites) {
            plans.add(plan(dataset, site, unknown));
        }
        if (!unknown.isEmpty()) {
            throw new FaultException(
                    Fault.NOT_FOUND,
                    "dataset " + dataset.name() + " has no snapshot " + String.join(", ", unknown)
                            + ": `sago snapshots` shows what there is");
        }
        return plans;
    }

    private ForgetPlan plan(VaultDataset dataset, SiteEndpoint endpoint, Set<String> unknown)
            throws IOException, InterruptedException {
        try (RestoreClient site = node.reader(endpoint, vault.restoreCredential());
                WalkMemory memory = memory(node, dataset, endpoint)) {
            SiteChain chain =
                    SiteChain.fetch(site, new SiteChain.Signers(vault.id(), dataset.id(), vault.senderKeys()));
            settle(chain, dataset, endpoint);
            List<TakenSnapshot> taken = new ArrayList<>();
            try (UnlockedPacks packs = new UnlockedPacks(vault, dataset.id(), chain, site)) {
                for (SiteChain.Link link : chain.live()) {
                    taken.add(new TakenSnapshot(link, takenMs(link, memory, packs)));
                }
            }
            return new ForgetPlan(dataset, endpoint, chain, decide(chain, taken, unknown));
        }
    }

    static WalkMemory memory(HomeNode node, VaultDataset dataset, SiteEndpoint site) throws IOException {
        node.context().files().createFolders(node.context().walksFolder(), FileAccess.PRIVATE);
        return WalkMemory.open(node.context().walksFolder().resolve(dataset.id() + ".db"), site.site());
    }

    private long takenMs(SiteChain.Link link, WalkMemory memory, UnlockedPacks packs)
            throws FaultException, InterruptedException {
        Hash manifest = link.stub().manifestHash();
        OptionalLong known = memory.taken(manifest);
        if (known.isPresent()) {
            return known.getAsLong();
        }
        long takenMs = packs.body(link, node.context().aead().aead()).getStartedMs();
        memory.taken(manifest, takenMs);
        return takenMs;
    }

    /** The answer to an order may have been lost: the site's word is what the catalog lacks, if there was an order. */
    private void settle(SiteChain chain, VaultDataset dataset, SiteEndpoint endpoint) throws FaultException {
        if (!node.hasCatalog()) {
            return;
        }
        SnapshotRegister snapshots = node.catalog().snapshots();
        List<Hash> done = new ArrayList<>();
        for (SiteChain.Link link : chain.links()) {
            Hash manifest = link.stub().manifestHash();
            if (link.expired()) {
                if (snapshots.isOrderedToExpire(endpoint.site(), manifest)) {
                    done.add(manifest);
                } else if (snapshots.committed(endpoint.site(), manifest).isPresent()) {
                    listener.warning("snapshot " + link.name() + " has expired at site " + endpoint.name()
                            + ", and this home has not ordered that");
                }
            }
        }
        snapshots.expired(dataset.id(), endpoint.site(), done);
    }

    private List<Kept<TakenSnapshot>> decide(SiteChain chain, List<TakenSnapshot> taken, Set<String> unknown)
            throws FaultException {
        List<Kept<TakenSnapshot>> decided = rules.named().isEmpty()
                ? rules.policy()
                        .apply(
                                taken,
                                snapshot -> Instant.ofEpochMilli(snapshot.takenMs()),
                                rules.zone(),
                                Instant.ofEpochMilli(node.context().clock().wallMs()))
                : byName(chain, taken, unknown);
        return hold(chain, decided);
    }

    private List<Kept<TakenSnapshot>> byName(SiteChain chain, List<TakenSnapshot> taken, Set<String> unknown)
            throws FaultException {
        Set<Hash> going = new HashSet<>();
        for (String name : rules.named()) {
            List<SiteChain.Link> found = chain.links().stream()
                    .filter(link -> link.stub().manifestHash().toString().startsWith(name))
                    .toList();
            if (found.size() > 1) {
                throw new FaultException(Fault.USAGE, "several snapshots begin with " + name + ": type more digits");
            }
            for (SiteChain.Link link : found) {
                unknown.remove(name);
                if (link.sequence() == chain.newest().sequence()) {
                    throw new FaultException(
                            Fault.POLICY,
                            "snapshot " + name
                                    + " is the newest one of its dataset at its site: that one never expires");
                }
                going.add(link.stub().manifestHash());
            }
        }
        return taken.stream()
                .sorted(Comparator.comparingLong(TakenSnapshot::takenMs).reversed())
                .map(snapshot -> new Kept<>(
                        snapshot, going.contains(snapshot.manifest()) ? List.<String>of() : List.of("not named")))
                .toList();
    }

    /** What the rules would let go and the grant, or the site, would not. */
    private List<Kept<TakenSnapshot>> hold(SiteChain chain, List<Kept<TakenSnapshot>> decided) {
        long youngMs = node.context().clock().wallMs() - rules.minimumAgeSeconds() * 1000;
        List<Kept<TakenSnapshot>> held = new ArrayList<>(decided);
        int going = 0;
        // From the oldest on: those go first.
        for (int i = held.size() - 1; i >= 0; i--) {
            Kept<TakenSnapshot> kept = held.get(i);
            SiteChain.Link link = kept.snapshot().link();
            if (kept.stays()) {
                continue;
            }
            String reason = "";
            if (link.sequence() == chain.newest().sequence()) {
                reason = "newest at the site";
            } else if (rules.minimumAgeSeconds() > 0 && link.committedMs() > youngMs) {
                reason = ForgetPlan.YOUNG;
            } else if (++going > rules.perDay()) {
                reason = "more than may expire in a day";
            }
            if (!reason.isEmpty()) {
                held.set(i, new Kept<>(kept.snapshot(), List.of(reason)));
            }
        }
        return held;
    }
}
