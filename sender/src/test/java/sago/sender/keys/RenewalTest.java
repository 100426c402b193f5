package sago.sender.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import sago.common.durable.DurableFiles;
import sago.common.durable.SimDisk;
import sago.common.net.TlsIdentity;
import sago.common.time.Clock;

/** Certificates end after ten years; the keys in them stay, so nobody needs to be told. */
final class RenewalTest {
    private static final long START_MS = 1_700_000_000_000L;
    private static final Duration TEN_YEARS = Duration.ofDays(3652);

    private final SimDisk disk = new SimDisk(Path.of("/h"));

    @Test
    void issuesTheSendersCertificateAnewBeforeItEnds() throws IOException {
        HomeContext young = at(Duration.ZERO);
        TestHome.create(young).close();
        TlsIdentity first = sender(young);
        assertThat(SenderHome.endsSoon(at(TEN_YEARS.minusDays(62)))).isFalse();

        HomeContext old = at(TEN_YEARS.minusDays(58));
        assertThat(SenderHome.endsSoon(old)).isTrue();
        TlsIdentity inMemory = sender(old); // where nobody could write
        assertThat(inMemory.spki()).isEqualTo(first.spki());
        assertThat(inMemory.notAfter()).isGreaterThan(first.notAfter());
        SenderHome.renew(old);
        assertThat(SenderHome.endsSoon(old)).isFalse();
        TlsIdentity second = sender(old);
        assertThat(second.spki()).isEqualTo(first.spki());
        assertThat(second.notAfter())
                .isEqualTo(first.notAfter() + TEN_YEARS.minusDays(58).toSeconds());
        int before = disk.operations().size();
        SenderHome.renew(old);
        assertThat(disk.operations()).hasSize(before);
    }

    @Test
    void issuesTheRestoreClientsCertificateAnew() throws IOException {
        HomeContext young = at(Duration.ZERO);
        TlsIdentity first;
        try (Vault vault = TestHome.create(young)) {
            first = vault.restoreCredential().tls();
        }
        HomeContext late = at(TEN_YEARS.plusDays(30));
        try (Vault vault = TestHome.open(late)) {
            TlsIdentity second = vault.adminCredential().tls();
            assertThat(second.spki()).isEqualTo(first.spki());
            assertThat(second.notAfter()).isGreaterThan(late.nowSeconds());
            long counter = vault.keyringCounter();
            vault.publish();
            assertThat(vault.keyringCounter()).isEqualTo(counter + 1);
            TlsIdentity kept = vault.restoreCredential().tls();
            assertThat(vault.restoreCredential().tls().certificateDer()).isEqualTo(kept.certificateDer());
        }
    }

    private TlsIdentity sender(HomeContext home) throws IOException {
        try (SenderHome sender = SenderHome.open(home)) {
            return sender.auditCredential().tls();
        }
    }

    private HomeContext at(Duration later) {
        Clock clock = new Clock() {
            @Override
            public long wallMs() {
                return START_MS + later.toMillis();
            }

            @Override
            public long monotonicNs() {
                return 0;
            }
        };
        return new HomeContext(TestHome.FOLDER, new DurableFiles(disk), TestHome.RANDOM, clock, TestHome.AEAD);
    }
}
