package sago.sender.node;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.List;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.limits.Limits;
import sago.common.secret.SecretBytes;
import sago.sender.catalog.SnapshotRegister;
import sago.sender.keys.ExpiryOrders;
import sago.sender.keys.SiteEndpoint;
import sago.sender.keys.Vault;
import sago.sender.keys.VaultDataset;
import sago.sender.node.ForgetPlan.TakenSnapshot;
import sago.sender.pack.PackReader;
import sago.sender.proto.SnapshotBody;
import sago.sender.retain.SnapshotWalk;
import sago.sender.retain.WalkMemory;
import sago.sender.tree.TreeRoot;
import sago.sender.upload.AdminClient;
import sago.sender.upload.RestoreClient;

/**
 * Ends snapshots (docs/RETENTION.md): plan, walk of all that stays, enough verified ones, then orders. Cut off anywhere it is run again: the
 * site's list says what has expired already. The caller holds the locks of the dataset and of the vault. Confined to one thread.
 */
public final class Forget {
    private final HomeNode node;
    private final Vault vault;
    private final ForgetRules rules;
    private final Listener listener;

    public Forget(HomeNode node, Vault vault, ForgetRules rules, Listener listener) {
        this.node = node;
        this.vault = vault;
        this.rules = rules;
        this.listener = listener;
    }

    /** Hears how it goes, on the calling thread. */
    public interface Listener {
        /** So many of the snapshots that stay were walked. */
        void walked(SiteEndpoint site, int snapshots, int of);

        /** The site has signed that these no longer count; called after each order. */
        void expired(SiteEndpoint site, int snapshots, int of);

        void warning(String message);
    }

    /**
     * What was done at a site.
     *
     * @param expired snapshots
     * @param nodes that the walk met
     * @param fetched of these, those that were not remembered
     * @param verified of the snapshots that stay
     */
    public record Report(int expired, long nodes, long fetched, int verified) {}

    /**
     * What would be forgotten; nothing is ordered.
     *
     * @throws FaultException NOT_FOUND or POLICY where named snapshots are not there or may not go
     */
    public List<ForgetPlan> plan(VaultDataset dataset, List<SiteEndpoint> sites)
            throws IOException, InterruptedException {
        return new ForgetPlanner(node, vault, rules, listener).plan(dataset, sites);
    }

    /**
     * Does what a plan says.
     *
     * @throws FaultException INTEGRITY where a snapshot that stays is not what its manifests say, POLICY where too few of them are verified,
     *     PEER_REFUSED where the site does not take the order: then nothing has expired
     */
    public Report carryOut(ForgetPlan plan) throws IOException, InterruptedException {
        if (plan.going().isEmpty()) {
            return new Report(0, 0, 0, 0);
        }
        try (WalkMemory memory = ForgetPlanner.memory(node, plan.dataset(), plan.site())) {
            int verified = requireVerified(plan, memory);
            Report walked = walk(plan, memory, verified);
            order(plan);
            memory.forgetNodes(plan.unnamed());
            return walked;
        }
    }

    private int requireVerified(ForgetPlan plan, WalkMemory memory) throws FaultException {
        int verified = 0;
        for (TakenSnapshot snapshot : plan.staying()) {
            if (memory.isVerified(snapshot.manifest())) {
                verified++;
            }
        }
        if (verified < rules.keepVerified()) {
            throw new FaultException(
                    Fault.POLICY,
                    "of the snapshots of dataset " + plan.dataset().name() + " that would stay at site "
                            + plan.site().name() + " " + verified + " are verified, and " + rules.keepVerified()
                            + " must be: run `sago verify --dataset "
                            + plan.dataset().name() + "` first; nothing has expired");
        }
        return verified;
    }

    private Report walk(ForgetPlan plan, WalkMemory memory, int verified) throws IOException, InterruptedException {
        List<TakenSnapshot> staying = plan.staying();
        VaultDataset dataset = plan.dataset();
        try (RestoreClient site = node.reader(plan.site(), vault.restoreCredential());
                UnlockedPacks packs = new UnlockedPacks(vault, dataset.id(), plan.chain(), site);
                SecretBytes idKey = vault.idKey(dataset.id());
                PackReader reader =
                        new PackReader(site, packs, idKey, node.context().aead(), SnapshotReader.CACHE_BYTES)) {
            SnapshotWalk walk = new SnapshotWalk(reader, memory);
            for (int i = 0; i < staying.size(); i++) {
                SiteChain.Link link = staying.get(i).link();
                if (!memory.isWalked(link.stub().manifestHash())) {
                    SnapshotBody body = packs.body(link, node.context().aead().aead());
                    walk.walk(
                            link.stub().manifestHash(),
                            TreeRoot.of(body.getRoot(), body.getRootLevel()),
                            plan.chain().packs(link.sequence()));
                }
                listener.walked(plan.site(), i + 1, staying.size());
            }
            return new Report(plan.going().size(), walk.nodes(), walk.fetched(), verified);
        }
    }

    private void order(ForgetPlan plan) throws IOException, InterruptedException {
        List<Hash> going =
                plan.going().stream().map(TakenSnapshot::manifest).sorted().toList();
        try (ExpiryOrders orders = vault.expiry();
                AdminClient site = AdminClient.open(node.client(plan.site(), vault.adminCredential()))) {
            ByteString grant = orders.grant(rules.minimumAgeSeconds(), rules.perDay());
            for (int from = 0; from < going.size(); from += Limits.SNAPSHOTS_PER_ORDER_MAX) {
                int to = Math.min(going.size(), from + Limits.SNAPSHOTS_PER_ORDER_MAX);
                List<Hash> batch = going.subList(from, to);
                ByteString order =
                        orders.order(plan.site().site(), plan.dataset().id(), batch, grant);
                deliver(plan, site, batch, new Signed(order, grant));
                listener.expired(plan.site(), to, going.size());
            }
        }
    }

    private record Signed(ByteString order, ByteString grant) {}

    /** The catalog knows of the order before the site does, so that a lost answer leaves nothing that nobody ordered. */
    private void deliver(ForgetPlan plan, AdminClient site, List<Hash> batch, Signed signed)
            throws IOException, InterruptedException {
        if (!node.hasCatalog()) {
            ByteString unused = site.deliver(plan.dataset().id(), signed.order, signed.grant);
            return;
        }
        SnapshotRegister snapshots = node.catalog().snapshots();
        snapshots.expiring(plan.site().site(), batch);
        ByteString receipt = site.deliver(plan.dataset().id(), signed.order, signed.grant);
        snapshots.receipt(
                plan.site().site(),
                plan.dataset().id(),
                receipt,
                node.context().clock().wallMs());
        snapshots.expired(plan.dataset().id(), plan.site().site(), batch);
    }
}
