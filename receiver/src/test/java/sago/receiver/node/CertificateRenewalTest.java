package sago.receiver.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.SimDisk;
import sago.common.id.Hash;
import sago.common.limits.Limits;
import sago.common.net.Transports;
import sago.common.protocol.ClientRole;
import sago.common.time.Clock;
import sago.receiver.store.SpaceReserve;
import sago.receiver.store.StoreSettings;

/** A site whose certificate was made almost ten years ago is started now. */
final class CertificateRenewalTest {
    private static final Path FOLDER = Path.of("/site");

    @TempDir
    private Path temp = Path.of("");

    private final TestHome home = new TestHome();
    private final SimDisk disk = new SimDisk(FOLDER);

    /** A clock that shows another time. */
    private record Shifted(Duration by) implements Clock {
        @Override
        public long wallMs() {
            return Clock.system().wallMs() + by.toMillis();
        }

        @Override
        public long monotonicNs() {
            return Clock.system().monotonicNs();
        }
    }

    private Hash siteMade(Duration ago) throws Exception {
        try (SiteFolder made = SiteFolder.create(
                disk,
                FOLDER,
                new SiteFolder.Description("sg", "SG", ListenAddress.parse("127.0.0.1:0")),
                new Shifted(ago.negated()),
                home.random)) {
            made.pin(home.enrol(made.requestText()).text());
            return made.identity().tlsSpki();
        }
    }

    private long certificateLeft() throws Exception {
        try (SiteFolder folder = SiteFolder.open(disk, FOLDER)) {
            return folder.tls().notAfter() - Clock.system().wallMs() / 1000;
        }
    }

    private SiteNode start() throws Exception {
        StoreSettings store = new StoreSettings(
                disk, FOLDER, temp.resolve("state.db"), new SpaceReserve(0, 0, 0), 1 << 20, Limits.UNCOMMITTED_KEEP_MS);
        return SiteNode.start(
                new SiteNode.Options(disk, FOLDER, store, TestSite.BOUNDS, Optional.empty()),
                Clock.system(),
                home.random);
    }

    @Test
    void anOldPinConnectsAfterTheCertificateHadEnded() throws Exception {
        Hash pinned = siteMade(Duration.ofDays(3_660));
        assertThat(certificateLeft()).isNegative();
        try (SiteNode node = start();
                Transports transports = Transports.open(1, "test-client");
                TestClient client = TestClient.connect(transports, node.address(), home.kitTls, pinned)) {
            client.hello(home, ClientRole.RESTORE, ByteString.EMPTY);
            assertThat(client.welcome.getNeedsSiteGrant()).isTrue();
        }
        assertThat(certificateLeft()).isGreaterThan(Duration.ofDays(3_650).toSeconds());
    }

    @Test
    void renewsWithinSixtyDaysOfTheEndAndNotBefore() throws Exception {
        siteMade(Duration.ofDays(3_580));
        long before = certificateLeft();
        assertThat(before)
                .isBetween(Duration.ofDays(61).toSeconds(), Duration.ofDays(80).toSeconds());
        start().close();
        assertThat(certificateLeft()).isBetween(before - 600, before);
    }
}
