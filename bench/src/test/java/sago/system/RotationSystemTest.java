package sago.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.SiteId;
import sago.common.secret.SecretBytes;
import sago.common.trust.SessionHeaders;
import sago.sender.keys.Vault;
import sago.sender.node.Rotation;
import sago.sender.node.RotationMarks;
import sago.sender.node.RotationReport;
import sago.sender.node.RotationStep;
import sago.sender.node.SiteChain;
import sago.sender.node.SnapshotCheck;
import sago.sender.node.SnapshotNames;
import sago.sender.node.SnapshotReader;
import sago.sender.node.Verification;
import sago.sender.node.VerifyMarks;
import sago.sender.proto.KeyringContent;
import sago.sender.seal.SessionKeys;
import sago.sender.upload.RestoreClient;

/** Rotation of a dataset's key, and verification by the key holder, with a real home and a real site. */
@Timeout(120)
class RotationSystemTest {
    /** What a killed process leaves: nothing behind the step is done. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @TempDir
    private Path folder = Path.of("");

    private VaultUnderTest home;
    private final List<String> snapshots = new ArrayList<>();

    @BeforeEach
    void threeSnapshots() throws Exception {
        home = new VaultUnderTest(folder.toRealPath());
        for (int i = 0; i < 3; i++) {
            snapshots.add(home.backUp());
        }
    }

    @AfterEach
    void close() throws Exception {
        home.close();
    }

    private RotationReport rotate() throws Exception {
        return rotate((step, site) -> {});
    }

    private RotationReport rotate(Rotation.Listener listener) throws Exception {
        return home.with((node, vault) -> new Rotation(node, vault, VaultUnderTest.DATASET, listener).run());
    }

    /** The private key of the dataset's first epoch, as a thief of the vault would have it. */
    private SecretBytes firstSeed() throws Exception {
        return home.with((node, vault) -> {
            Field content = Vault.class.getDeclaredField("content");
            content.setAccessible(true);
            KeyringContent secrets = (KeyringContent) content.get(vault);
            return SecretBytes.of(secrets.getDatasets(0).getEpochs(0).getSeed().toByteArray());
        });
    }

    private void assertAllSnapshotsComeBack() throws Exception {
        for (int i = 0; i < snapshots.size(); i++) {
            assertThat(home.readAll(snapshots.get(i))).as("snapshot " + i).isEqualTo(200_000L * (i + 1));
        }
        assertThat(home.complaints).isEmpty();
    }

    private void assertOldKeyOpensNothing(List<ByteString> oldHeaders, SecretBytes oldSeed) throws Exception {
        for (ByteString old : oldHeaders) {
            assertThat(home.holding(old)).isEmpty();
            assertThat(home.holding(SessionHeaders.read(old).enc())).isEmpty();
        }
        List<ByteString> now = home.headers();
        assertThat(now).hasSize(snapshots.size());
        for (ByteString header : now) {
            assertThatThrownBy(() -> SessionKeys.open(oldSeed, header).close())
                    .isInstanceOfSatisfying(
                            FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.WRONG_KEY));
        }
    }

    @Test
    void afterARotationTheOldKeyOpensNothingAtTheSite() throws Exception {
        SecretBytes oldSeed = firstSeed();
        List<ByteString> oldHeaders = home.headers();
        assertThat(oldHeaders).hasSize(3);
        for (ByteString header : oldHeaders) {
            SessionKeys.open(oldSeed, header).close();
            assertThat(home.holding(header)).isNotEmpty();
        }

        RotationReport report = rotate();

        assertThat(report.ended()).isTrue();
        assertThat(report.sites()).singleElement().satisfies(site -> {
            assertThat(site.sessions()).isEqualTo(3);
            assertThat(site.fetched()).isZero();
            assertThat(site.bytesPerSession()).isBetween(1_200L, 2_047L);
        });
        assertOldKeyOpensNothing(oldHeaders, oldSeed);
        assertAllSnapshotsComeBack();
        snapshots.add(home.backUp());
        assertAllSnapshotsComeBack();
    }

    @ParameterizedTest
    @EnumSource(RotationStep.class)
    void aRotationThatIsKilledGoesOnWhereItWas(RotationStep at) throws Exception {
        SecretBytes oldSeed = firstSeed();
        List<ByteString> oldHeaders = home.headers();

        assertThatThrownBy(() -> rotate((step, site) -> {
                    if (step == at) {
                        throw new Killed();
                    }
                }))
                .isInstanceOf(Killed.class);

        assertAllSnapshotsComeBack();
        snapshots.add(home.backUp());
        assertThat(home.headers().stream().map(SessionHeaderEpoch::of)).contains(2);
        assertAllSnapshotsComeBack();
        if (at != RotationStep.ENDED) {
            assertThat(rotate().ended()).isTrue();
        }
        assertOldKeyOpensNothing(oldHeaders, oldSeed);
        assertAllSnapshotsComeBack();
        assertThat(new RotationMarks(home.context()).isRotating(dataset())).isFalse();
        snapshots.add(home.backUp());
        assertAllSnapshotsComeBack();
    }

    @Test
    void aSiteThatIsAwayKeepsBothKeysUntilItIsBack() throws Exception {
        home.site.stop();

        RotationReport away = rotate();

        assertThat(away.ended()).isFalse();
        assertThat(away.sites())
                .singleElement()
                .satisfies(site -> assertThat(site.away()).isPresent());
        assertThat(new RotationMarks(home.context()).isRotating(dataset())).isTrue();
        home.start();
        assertAllSnapshotsComeBack();
        assertThat(rotate().ended()).isTrue();
        assertAllSnapshotsComeBack();
    }

    @Test
    void theNextRotationFetchesNothingEither() throws Exception {
        rotate();
        snapshots.add(home.backUp());

        RotationReport again = rotate();

        assertThat(again.keyEpoch()).isEqualTo(3);
        assertThat(again.sites()).singleElement().satisfies(site -> {
            assertThat(site.sessions()).isEqualTo(4);
            assertThat(site.fetched()).isZero();
        });
        assertAllSnapshotsComeBack();
    }

    @Test
    void headersThatTheVaultDidNotMakeAreFetchedInsteadOfDelivered() throws Exception {
        rotate();
        String catalog = home.context().senderFolder().resolve("catalog.db").toString();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + catalog);
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE resealed SET proof = zeroblob(32)");
        }

        RotationReport again = rotate();

        assertThat(again.sites())
                .singleElement()
                .satisfies(site -> assertThat(site.fetched()).isEqualTo(3));
        assertAllSnapshotsComeBack();
    }

    private DatasetId dataset() throws Exception {
        return home.with((node, vault) -> vault.datasets().get(0).id());
    }

    /** Which epoch a header is sealed to. */
    private static final class SessionHeaderEpoch {
        static int of(ByteString header) {
            try {
                return SessionHeaders.read(header).keyEpoch();
            } catch (FaultException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void onlyTheKeyHolderMakesASnapshotVerified() throws Exception {
        VerifyMarks marks = new VerifyMarks(home.context());
        DatasetId dataset = dataset();
        home.with((node, vault) -> {
            var endpoint = vault.sites().get(0);
            SiteId site = endpoint.site();
            Verification.Report report;
            try (RestoreClient client = node.reader(endpoint, node.sender().auditCredential())) {
                SiteChain.Signers signers = new SiteChain.Signers(vault.id(), dataset, vault.senderKeys());
                report = new Verification(node, endpoint, client, signers).run((packs, ofPacks, bytes) -> {});
            }
            assertThat(report.isSound()).isTrue();
            assertThat(marks.checked(dataset, site)).isPresent();
            assertThat(marks.verified(dataset, site)).isEmpty();

            SnapshotReader.Place place =
                    new SnapshotReader.Place(endpoint, vault.datasets().get(0), report.chain());
            try (SnapshotReader reader = SnapshotReader.open(node, vault, place, SnapshotNames.LATEST)) {
                SnapshotCheck.Result result = new SnapshotCheck(node, reader, 0, home).run(report);
                assertThat(result.chunks()).isEqualTo(3);
                assertThat(result.packs()).isGreaterThan(1);
            }
            assertThat(marks.verified(dataset, site)).hasValueSatisfying(mark -> {
                assertThat(mark.manifest().toString()).startsWith(snapshots.get(2));
                assertThat(mark.sequence()).isEqualTo(3);
            });
            return site;
        });
    }
}
