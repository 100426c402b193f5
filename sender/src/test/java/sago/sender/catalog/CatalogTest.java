package sago.sender.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.fault.Fault;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.id.SiteId;
import sago.common.id.VaultId;
import sago.common.pack.PackEntry;
import sago.common.sign.Hashes;
import sago.common.sign.SigningKey;
import sago.common.trust.ManifestStubs;
import sago.common.trust.PackIds;
import sago.common.trust.PackTable;
import sago.common.trust.StubTerms;
import sago.sender.proto.SnapshotBody;

class CatalogTest {
    private static final SigningKey SENDER = SigningKey.generate(new SecureRandom());
    private static final VaultId VAULT = new VaultId(1, 1);
    private static final DatasetId DATASET = new DatasetId(2, 2);
    private static final SessionId SESSION = new SessionId(3, 3);
    private static final SiteId HERE = new SiteId(4, 4);
    private static final SiteId THERE = new SiteId(5, 5);
    private static final ByteString HEADER = ByteString.copyFromUtf8("session header");
    private static final PackOrigin ORIGIN = new PackOrigin(DATASET, SESSION);

    @TempDir
    Path folder;

    private Catalog catalog;

    @BeforeEach
    void open() throws Exception {
        catalog = Catalog.open(folder.resolve("catalog.db"));
        catalog.packs().sessionOpened(DATASET, SESSION, HEADER, 1000);
    }

    @AfterEach
    void close() throws Exception {
        catalog.close();
    }

    @Test
    void aPackIsPresentOnlyWhereItWasAcknowledged() throws Exception {
        catalog.packs().packDurable(ORIGIN, HERE, pack(1), 99);
        assertThat(catalog.packs().present(pack(1).id(), HERE)).isTrue();
        assertThat(catalog.packs().present(pack(1).id(), THERE)).isFalse();
        assertThat(catalog.packs().present(pack(2).id(), HERE)).isFalse();
        reopen();
        assertThat(catalog.packs().present(pack(1).id(), HERE)).isTrue();
        assertThat(catalog.packs().present(pack(1).id(), THERE)).isFalse();
    }

    @Test
    void deltaNamesDurablePacksThatNoManifestNames() throws Exception {
        catalog.packs().packDurable(ORIGIN, HERE, pack(1), 99);
        catalog.packs().packDurable(ORIGIN, HERE, pack(2), 99);
        catalog.packs().packDurable(ORIGIN, THERE, pack(3), 99);
        ManifestDelta delta = catalog.packs().delta(DATASET, HERE);
        assertThat(delta.added()).containsExactlyInAnyOrder(pack(1), pack(2));
        assertThat(delta.dropped()).isEmpty();
        assertThat(delta.sessionHeaders()).containsExactly(Hashes.sha256(HEADER));
        commit(1, Hash.ZERO);
        assertThat(catalog.packs().delta(DATASET, HERE).added()).isEmpty();
        assertThat(catalog.packs().uncommitted(DATASET, HERE)).isEmpty();
        assertThat(catalog.packs().present(pack(1).id(), HERE)).isTrue();
        assertThat(catalog.packs().delta(DATASET, THERE).added()).containsExactly(pack(3));
    }

    @Test
    void packsThatASiteLostCountAsAbsentAndAreDroppedIfAManifestNamedThem() throws Exception {
        catalog.packs().packDurable(ORIGIN, HERE, pack(1), 99);
        Hash first = commit(1, Hash.ZERO);
        catalog.packs().packDurable(ORIGIN, HERE, pack(2), 99);
        catalog.packs().absent(DATASET, HERE, List.of(pack(1).id(), pack(2).id()));
        assertThat(catalog.packs().present(pack(1).id(), HERE)).isFalse();
        assertThat(catalog.packs().present(pack(2).id(), HERE)).isFalse();
        ManifestDelta delta = catalog.packs().delta(DATASET, HERE);
        assertThat(delta.added()).isEmpty();
        assertThat(delta.dropped()).containsExactly(pack(1).id());
        commit(2, first);
        assertThat(catalog.packs().delta(DATASET, HERE).dropped()).isEmpty();
    }

    @Test
    void aSiteThatWasSetBackMakesLaterPacksUncommittedAgain() throws Exception {
        catalog.packs().packDurable(ORIGIN, HERE, pack(1), 99);
        Hash first = commit(1, Hash.ZERO);
        catalog.packs().packDurable(ORIGIN, HERE, pack(2), 99);
        commit(2, first);
        catalog.snapshots().rewind(DATASET, HERE, 1);
        assertThat(catalog.snapshots().newest(DATASET, HERE).orElseThrow().hash())
                .isEqualTo(first);
        assertThat(catalog.packs().uncommitted(DATASET, HERE)).containsExactly(pack(2).id());
        assertThat(catalog.packs().delta(DATASET, HERE).added()).containsExactly(pack(2));
    }

    @Test
    void aManifestIsKeptBeforeItIsSentAndListedOnceItHasItsReceipt() throws Exception {
        catalog.packs().packDurable(ORIGIN, HERE, pack(1), 99);
        PreparedManifest manifest = manifest(1, Hash.ZERO);
        Hash hash = ManifestStubs.hash(manifest.stub());
        catalog.snapshots().prepare(HERE, manifest, body("one"));
        assertThat(catalog.snapshots().list()).isEmpty();
        reopen();
        assertThat(catalog.snapshots().prepared(HERE, hash)).contains(manifest);
        assertThat(catalog.snapshots().prepared(THERE, hash)).isEmpty();
        ByteString receipt = ByteString.copyFromUtf8("receipt");
        catalog.snapshots().commit(HERE, manifest.stub(), receipt, 5000);
        assertThat(catalog.snapshots().receiptOf(HERE, hash)).contains(receipt);
        assertThat(catalog.snapshots().prepared(HERE, hash)).isEmpty();
        Snapshot snapshot = catalog.snapshots().newest(DATASET, HERE).orElseThrow();
        assertThat(snapshot).isEqualTo(new Snapshot(hash, HERE, DATASET, 1, body("one"), pack(1).length()));
        assertThat(snapshot.name()).isEqualTo(hash.toString().substring(0, 12));
    }

    @Test
    void aManifestThatWasNeverCommittedGivesWayToTheNext() throws Exception {
        PreparedManifest first = manifest(1, Hash.ZERO);
        catalog.snapshots().prepare(HERE, first, body("one"));
        catalog.packs().packDurable(ORIGIN, HERE, pack(1), 99);
        PreparedManifest second = manifest(1, Hash.ZERO);
        catalog.snapshots().prepare(HERE, second, body("two"));
        assertThat(catalog.snapshots().prepared(HERE, ManifestStubs.hash(first.stub())))
                .isEmpty();
        assertThat(catalog.snapshots().prepared(HERE, ManifestStubs.hash(second.stub())))
                .contains(second);
    }

    @Test
    void damagedRowsCountAsAbsent() throws Exception {
        for (String damage : List.of(
                "UPDATE pack SET length = length * 2",
                "UPDATE pack SET root = x'" + "00".repeat(32) + "'",
                "UPDATE pack SET session = dataset",
                "UPDATE pack_site SET keep_until = keep_until + 1",
                "UPDATE pack_site SET committed = 1",
                "UPDATE pack_site SET state = 0, committed = 1")) {
            catalog.packs().packDurable(ORIGIN, HERE, pack(1), 99);
            catalog.close();
            sql(damage);
            open2();
            assertThat(catalog.packs().present(pack(1).id(), HERE)).as(damage).isFalse();
            assertThat(catalog.packs().delta(DATASET, HERE).added()).as(damage).isEmpty();
            assertThat(catalog.packs().delta(DATASET, HERE).dropped())
                    .as(damage)
                    .isEmpty();
        }
    }

    @Test
    void refusesAManifestWithoutThePacksOfADamagedSessionHeader() throws Exception {
        catalog.packs().packDurable(ORIGIN, HERE, pack(1), 99);
        catalog.close();
        sql("UPDATE session SET header = x'00'");
        open2();
        assertThat(catalog.packs().present(pack(1).id(), HERE)).isTrue();
        assertThatThrownBy(() -> catalog.packs().delta(DATASET, HERE))
                .hasMessageContaining("sago sender rebuild")
                .extracting("fault")
                .isEqualTo(Fault.INTEGRITY);
    }

    @Test
    void doesNotListASnapshotWhoseStubIsDamaged() throws Exception {
        commit(1, Hash.ZERO);
        catalog.close();
        sql("UPDATE snapshot SET hash = x'" + "11".repeat(32) + "'");
        open2();
        assertThat(catalog.snapshots().list()).isEmpty();
    }

    @Test
    void remembersNames() throws Exception {
        catalog.names().note(HERE, "sg", DATASET, "users");
        assertThat(catalog.names().site(HERE)).contains("sg");
        assertThat(catalog.names().dataset(DATASET)).contains("users");
        assertThat(catalog.names().site(THERE)).isEmpty();
    }

    @Test
    void refusesACatalogOfANewerVersionAndNamesIt() throws Exception {
        catalog.close();
        sql("PRAGMA user_version = 7");
        assertThatThrownBy(this::open2)
                .hasMessageContaining("version 7")
                .extracting("fault")
                .isEqualTo(Fault.VERSION);
        sql("PRAGMA user_version = 3");
        open2();
    }

    @Test
    void aCatalogOfVersion2GoesOnWithWhatItKnew() throws Exception {
        catalog.packs().packDurable(ORIGIN, HERE, pack(1), 99);
        catalog.close();
        for (String since : List.of("TABLE pack_use", "TABLE list_packs", "INDEX pack_site_place")) {
            sql("DROP " + since);
        }
        sql("PRAGMA user_version = 2");
        open2();
        assertThat(catalog.packs().delta(DATASET, HERE).added()).containsExactly(pack(1));
        assertThat(catalog.uses().live(DATASET, HERE, 1, live -> {})).isFalse();
        catalog.uses().begin();
        catalog.uses().add(Map.of(pack(1).id(), 5L));
        catalog.uses().restore(DATASET, HERE, 1);
        assertThat(catalog.uses().live(DATASET, HERE, 1, live -> {})).isTrue();
    }

    @Test
    void aTransactionThatFailsLeavesNothing() throws Exception {
        catalog.packs().packDurable(ORIGIN, HERE, pack(1), 99);
        assertThatThrownBy(() -> catalog.packs().sessionOpened(DATASET, SESSION, HEADER, 1))
                .extracting("fault")
                .isEqualTo(Fault.DISK);
        assertThat(catalog.packs().delta(DATASET, HERE).added()).containsExactly(pack(1));
    }

    private Hash commit(long sequence, Hash previous) throws Exception {
        PreparedManifest manifest = manifest(sequence, previous);
        catalog.snapshots().prepare(HERE, manifest, body("body"));
        catalog.snapshots().commit(HERE, manifest.stub(), ByteString.copyFromUtf8("receipt"), 1);
        return ManifestStubs.hash(manifest.stub());
    }

    private PreparedManifest manifest(long sequence, Hash previous) throws Exception {
        ManifestDelta delta = catalog.packs().delta(DATASET, HERE);
        ByteString body = ByteString.copyFromUtf8("sealed");
        StubTerms terms = new StubTerms(
                VAULT,
                DATASET,
                sequence,
                previous,
                SESSION,
                PackTable.of(delta.added()),
                PackIds.of(delta.dropped()),
                List.of(Hashes.sha256(HEADER)),
                0,
                Hashes.sha256(body));
        return new PreparedManifest(ManifestStubs.sign(SENDER, terms), body);
    }

    private static SnapshotBody body(String host) {
        return SnapshotBody.newBuilder().setFormat(1).setHost(host).build();
    }

    private static PackEntry pack(int number) {
        return new PackEntry(new PackId(number, number), 64 << 10, new Hash(number, 0, 0, 0));
    }

    private void reopen() throws Exception {
        catalog.close();
        open2();
    }

    private void open2() throws Exception {
        catalog = Catalog.open(folder.resolve("catalog.db"));
    }

    private void sql(String statement) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("catalog.db"));
                Statement run = connection.createStatement()) {
            run.execute(statement);
        }
    }
}
