package sago.receiver.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.id.VaultId;
import sago.common.pack.PackEntry;
import sago.common.pack.PackGeometry;
import sago.common.trust.ManifestStubs;
import sago.common.trust.StubTerms;
import sago.receiver.journal.JournalPosition;
import sago.receiver.journal.JournalRecord;
import sago.receiver.proto.CommitRecord;
import sago.receiver.proto.GrantRecord;
import sago.receiver.proto.KeyringRecord;
import sago.receiver.proto.OrderRecord;
import sago.receiver.proto.PackRecord;
import sago.receiver.proto.ResealedHeader;
import sago.receiver.proto.SessionRecord;
import sago.receiver.proto.SiteGrantRecord;
import sago.receiver.proto.SweepRecord;

/** What each journal record changes in the database. Confined to the thread that applies, inside its transaction. */
final class StateChanges {
    private static final Logger LOG = LoggerFactory.getLogger(StateChanges.class);

    private final SqlConnection connection;
    private final StateReader reader;
    private final ManifestFiles manifests;
    private final RetentionChanges retention;
    private boolean live;

    StateChanges(SqlConnection connection, ManifestFiles manifests) {
        this.connection = connection;
        this.reader = new StateReader(connection);
        this.manifests = manifests;
        this.retention = new RetentionChanges(connection, reader);
    }

    void becomeLive() {
        live = true;
    }

    static void setApplied(SqlConnection connection, JournalPosition position) throws IOException {
        StateRow.put(
                connection,
                StateTable.APPLIED,
                0,
                position.sequence(),
                position.chain().toBytes());
    }

    void apply(JournalRecord record) throws IOException {
        try {
            ByteString payload = record.payload();
            switch (record.type()) {
                case SITE_GRANT -> siteGrant(SiteGrantRecord.parseFrom(payload));
                case KEYRING -> keyring(KeyringRecord.parseFrom(payload));
                case SESSION -> session(SessionRecord.parseFrom(payload));
                case PACK -> pack(PackRecord.parseFrom(payload), record.sequence());
                case COMMIT -> commit(CommitRecord.parseFrom(payload), record.position());
                case GRANT -> grant(GrantRecord.parseFrom(payload));
                case ORDER -> order(OrderRecord.parseFrom(payload), record.position());
                case SWEEP -> sweep(SweepRecord.parseFrom(payload));
            }
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new FaultException(
                    Fault.INTEGRITY,
                    "journal record " + record.sequence() + " is intact but says nothing sensible: " + e.getMessage(),
                    e);
        }
    }

    private void siteGrant(SiteGrantRecord grant) throws IOException {
        StateRow.put(connection, StateTable.SITE_GRANT, 0, grant.getGrant().toByteArray());
    }

    private void keyring(KeyringRecord keyring) throws IOException {
        StateRow.put(
                connection,
                StateTable.KEYRINGS,
                keyring.getCounter(),
                keyring.getFileSha256().toByteArray());
    }

    private void session(SessionRecord session) throws IOException {
        Hash header = Hash.of(session.getHeaderSha256().toByteArray());
        OpenedSession opened = new OpenedSession(
                VaultId.of(session.getVault().toByteArray()),
                DatasetId.of(session.getDataset().toByteArray()),
                SessionId.of(session.getSession().toByteArray()),
                new PackGeometry(session.getSegmentBytes(), session.getPackBytes()),
                header);
        new SessionRow(opened, header, session.getKeyEpoch()).put(connection);
        raiseGrant(opened.dataset(), session.getGrantSequence());
    }

    private void grant(GrantRecord grant) throws IOException {
        raiseGrant(DatasetId.of(grant.getDataset().toByteArray()), grant.getSequence());
    }

    private void raiseGrant(DatasetId dataset, long sequence) throws IOException {
        if (sequence > reader.grantSequence(dataset)) {
            StateRow.put(connection, StateTable.GRANTS, dataset.toBytes(), sequence);
        }
    }

    private void order(OrderRecord order, JournalPosition position) throws IOException {
        DatasetId dataset = DatasetId.of(order.getDataset().toByteArray());
        for (ResealedHeader header : order.getResealedList()) {
            Hash first = Hash.of(header.getOriginalSha256().toByteArray());
            SessionRow session = reader.sessionOfHeader(first)
                    .orElseThrow(() -> StoreFaults.damaged(
                            "the journal", "an order names session header " + first + ", which it does not know"));
            new SessionRow(session.opened(), Hash.of(header.getHeaderSha256().toByteArray()), header.getKeyEpoch())
                    .put(connection);
        }
        if (order.getRetiredBelow() > reader.retiredBelow(dataset)) {
            StateRow.put(connection, StateTable.RETIRED, dataset.toBytes(), order.getRetiredBelow());
        }
        if (order.getExpiryGrant() > 0) {
            retention.expire(dataset, order);
        }
        retention.time(order.getTimeMs());
        new OrderRow(new FollowedOrder(
                        VaultId.of(order.getVault().toByteArray()),
                        dataset,
                        order.getSequence(),
                        Hash.of(order.getOrderSha256().toByteArray()),
                        position,
                        order.getTimeMs()))
                .put(connection);
    }

    private void pack(PackRecord pack, long sequence) throws IOException {
        PackEntry entry = new PackEntry(
                PackId.of(pack.getPack().toByteArray()),
                pack.getLength(),
                Hash.of(pack.getRoot().toByteArray()));
        // A lost pack that arrives again goes on being named by whatever names it.
        PackNames names = reader.pack(entry.id()).map(PackRow::names).orElseGet(() -> PackNames.none(pack.getTimeMs()));
        if (pack.getTimeMs() > 0) {
            retention.time(pack.getTimeMs());
        } else {
            retention.storedUntimed();
        }
        new PackRow(
                        entry,
                        SessionId.of(pack.getSession().toByteArray()),
                        DatasetId.of(pack.getDataset().toByteArray()),
                        sequence,
                        names.isNamed() ? names : PackNames.none(pack.getTimeMs()),
                        pack.getKeepUntil(),
                        false)
                .put(connection);
    }

    private void commit(CommitRecord commit, JournalPosition position) throws IOException {
        DatasetId dataset = DatasetId.of(commit.getDataset().toByteArray());
        Hash fileSha256 = Hash.of(commit.getFileSha256().toByteArray());
        CommittedManifest committed = new CommittedManifest(
                VaultId.of(commit.getVault().toByteArray()),
                dataset,
                commit.getSequence(),
                Hash.of(commit.getManifest().toByteArray()),
                position,
                commit.getTimeMs(),
                false);
        retention.time(commit.getTimeMs());
        boolean damaged = false;
        try {
            ByteString stub = manifests.readStub(committed, fileSha256);
            StubTerms terms = ManifestStubs.readStored(stub).terms();
            for (PackEntry added : terms.added()) {
                PackRow pack = known(added.id());
                pack.withNames(pack.names().addedBy(commit.getSequence())).put(connection);
            }
            for (PackId dropped : terms.dropped()) {
                PackRow pack = known(dropped);
                pack.withNames(pack.names().droppedBy(commit.getSequence())).put(connection);
            }
        } catch (FaultException e) {
            if (live || e.fault() != Fault.INTEGRITY) {
                throw e;
            }
            LOG.error("{}. This dataset takes no more commits until then", e.getMessage());
            damaged = true;
        }
        new ManifestRow(committed, fileSha256, damaged, 0).put(connection);
    }

    private PackRow known(PackId id) throws IOException {
        return reader.pack(id)
                .orElseThrow(() ->
                        StoreFaults.damaged("the journal", "a commit names pack " + id + ", which it does not know"));
    }

    /** Unknown from now on. */
    private void sweep(SweepRecord sweep) throws IOException {
        for (ByteString pack : sweep.getPacksList()) {
            connection.update("DELETE FROM PACKS WHERE id = ?", (Object)
                    PackId.of(pack.toByteArray()).toBytes());
        }
        retention.time(sweep.getTimeMs());
    }
}
