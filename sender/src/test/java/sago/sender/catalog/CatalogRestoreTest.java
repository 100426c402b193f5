package sago.sender.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
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
import sago.common.trust.SessionHeaderTerms;
import sago.common.trust.SessionHeaders;
import sago.common.trust.StubTerms;
import sago.sender.proto.SnapshotBody;

/** What is written back says the same as what was written at first. */
class CatalogRestoreTest {
    private static final SigningKey SENDER = SigningKey.generate(new SecureRandom());
    private static final VaultId VAULT = new VaultId(1, 1);
    private static final DatasetId DATASET = new DatasetId(2, 2);
    private static final DatasetId OTHER = new DatasetId(2, 3);
    private static final SessionId SESSION = new SessionId(3, 3);
    private static final SiteId HERE = new SiteId(4, 4);
    private static final SiteId THERE = new SiteId(5, 5);
    private static final ByteString HEADER = header(1, Hash.ZERO);

    @TempDir
    Path folder;

    @Test
    void addsASnapshotWithItsPacksAsIfTheyHadBeenAcknowledgedAndCommitted() throws Exception {
        try (Catalog catalog = open("catalog.db")) {
            catalog.restore().add(HERE, snapshot(DATASET, HEADER, List.of(pack(2))), 5000);
            assertThat(catalog.packs().present(pack(1).id(), HERE)).isTrue();
            assertThat(catalog.packs().present(pack(1).id(), THERE)).isFalse();
            assertThat(catalog.packs().uncommitted(DATASET, HERE)).isEmpty();
            Snapshot snapshot = catalog.snapshots().newest(DATASET, HERE).orElseThrow();
            assertThat(snapshot.sequence()).isEqualTo(1);
            assertThat(snapshot.body().getFiles()).isEqualTo(7);
            assertThat(snapshot.storedBytes()).isEqualTo(2 * 65536);
            assertThat(catalog.snapshots().receiptOf(HERE, snapshot.hash()))
                    .contains(ByteString.copyFromUtf8("receipt"));
        }
    }

    @Test
    void packsThatTheSiteLostCountAsAbsentAndTheNextManifestDropsThem() throws Exception {
        try (Catalog catalog = open("catalog.db")) {
            catalog.restore().add(HERE, snapshot(DATASET, HEADER, List.of(pack(2))), 5000);
            assertThat(catalog.packs().present(pack(2).id(), HERE)).isFalse();
            assertThat(catalog.packs().delta(DATASET, HERE).dropped()).containsExactly(pack(2).id());
        }
    }

    @Test
    void namesTheFirstHeaderOfASessionThatWasResealed() throws Exception {
        Hash first = Hashes.sha256(HEADER);
        try (Catalog catalog = open("catalog.db")) {
            catalog.restore().add(HERE, snapshot(DATASET, header(2, first), List.of()), 5000);
            catalog.snapshots().rewind(DATASET, HERE, 0);
            ManifestDelta delta = catalog.packs().delta(DATASET, HERE);
            assertThat(delta.added()).containsExactlyInAnyOrder(pack(1), pack(2));
            assertThat(delta.sessionHeaders()).containsExactly(first);
        }
    }

    @Test
    void forgetsOneDatasetAtOneSiteOnly() throws Exception {
        try (Catalog catalog = open("catalog.db")) {
            for (SiteId site : List.of(HERE, THERE)) {
                catalog.restore().add(site, snapshot(DATASET, HEADER, List.of()), 5000);
            }
            catalog.restore().forget(DATASET, HERE);
            catalog.restore().forget(OTHER, THERE);
            assertThat(catalog.snapshots().newest(DATASET, HERE)).isEmpty();
            assertThat(catalog.snapshots().newest(DATASET, THERE)).isPresent();
            try (Catalog reopened = open("catalog.db")) {
                assertThat(reopened.packs().present(pack(1).id(), HERE)).isFalse();
                assertThat(reopened.packs().present(pack(1).id(), THERE)).isTrue();
            }
        }
    }

    @Test
    void copiesACatalogAndSaysWhatToDoWhereItIsDamaged() throws Exception {
        Path file = folder.resolve("catalog.db");
        try (Catalog catalog = open("catalog.db")) {
            catalog.restore().add(HERE, snapshot(DATASET, HEADER, List.of()), 5000);
        }
        Catalog.copy(file, folder.resolve("copy.db"));
        try (Catalog copy = open("copy.db")) {
            assertThat(copy.snapshots().list()).hasSize(1);
        }
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            byte[] junk = new byte[(int) raw.length() - 4096];
            Arrays.fill(junk, (byte) 0x5a);
            raw.seek(4096);
            raw.write(junk);
        }
        assertThatThrownBy(() -> Catalog.copy(file, folder.resolve("copy2.db")))
                .hasMessageContaining("sago sender rebuild --dataset")
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.INTEGRITY));
        assertThat(Files.exists(file)).isTrue();
    }

    private Catalog open(String name) throws Exception {
        return Catalog.open(folder.resolve(name));
    }

    private static RestoredSnapshot snapshot(DatasetId dataset, ByteString header, List<PackEntry> lost)
            throws Exception {
        Hash first = Hashes.sha256(HEADER);
        ByteString body = ByteString.copyFromUtf8("body");
        StubTerms terms = new StubTerms(
                VAULT,
                dataset,
                1,
                Hash.ZERO,
                SESSION,
                PackTable.of(List.of(pack(1), pack(2))),
                PackIds.EMPTY,
                List.of(first),
                1,
                Hashes.sha256(body));
        List<PackEntry> held = List.of(pack(1), pack(2)).stream()
                .filter(entry -> !lost.contains(entry))
                .toList();
        return new RestoredSnapshot(
                new PreparedManifest(ManifestStubs.sign(SENDER, terms), body),
                SnapshotBody.newBuilder().setFormat(1).setFiles(7).build(),
                Optional.of(ByteString.copyFromUtf8("receipt")),
                List.of(new SessionRow(SESSION, first, header)),
                held.stream().map(entry -> new RestoredPack(entry, SESSION)).toList(),
                lost.stream().map(PackEntry::id).toList());
    }

    private static ByteString header(int epoch, Hash replaces) {
        return SessionHeaders.build(new SessionHeaderTerms(
                VAULT,
                DATASET,
                epoch,
                SESSION,
                ByteString.copyFrom(new byte[SessionHeaderTerms.ENC_BYTES]),
                ByteString.copyFrom(new byte[SessionHeaderTerms.SEALED_KEY_BYTES]),
                replaces));
    }

    private static PackEntry pack(long id) {
        return new PackEntry(new PackId(0, id), 65536, new Hash(0, 0, 0, id));
    }
}
