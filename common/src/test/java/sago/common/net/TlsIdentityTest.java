package sago.common.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.time.Clock;

final class TlsIdentityTest {
    private final SecureRandom random = new SecureRandom();

    @Test
    void aSeedAlwaysGivesTheSameKey() {
        byte[] seed = new byte[32];
        Arrays.fill(seed, (byte) 7);
        Hash first = TlsIdentity.ofSeed(seed, "kit", random, Clock.system()).spki();
        assertThat(TlsIdentity.ofSeed(seed, "other name", random, Clock.system())
                        .spki())
                .isEqualTo(first);
        assertThat(first.toString()).isEqualTo("c611ee03d05b491aae6203c6025d91c4f6cf5a971c4359b510f508a34f074a12");
        seed[31] ^= 1;
        assertThat(TlsIdentity.ofSeed(seed, "kit", random, Clock.system()).spki())
                .isNotEqualTo(first);
    }

    @Test
    void comesBackFromWhatIsStored() throws Exception {
        TlsIdentity made = TlsIdentity.generate("sg", random, Clock.system());
        TlsIdentity read = TlsIdentity.of(made.pkcs8(), made.certificateDer());
        assertThat(read.spki()).isEqualTo(made.spki());
        assertThat(read.privateKey()).isEqualTo(made.privateKey());
        assertThat(made.spki())
                .isEqualTo(Hash.of(MessageDigest.getInstance("SHA-256")
                        .digest(made.certificate().getPublicKey().getEncoded())));
    }

    @Test
    void lastsTenYears() {
        TlsIdentity made = TlsIdentity.generate("sg", random, Clock.system());
        long now = Clock.system().wallMs() / 1000;
        assertThat(made.notAfter() - now)
                .isBetween(
                        Duration.ofDays(3650).toSeconds(), Duration.ofDays(3655).toSeconds());
        assertThat(made.toString())
                .doesNotContain("PRIVATE")
                .contains(made.spki().toString());
    }

    @Test
    void renewsTheCertificateOfTheSameKeyForTenYears() throws Exception {
        AtomicLong now = new AtomicLong(1_795_000_000_000L);
        Clock clock = new TurnedClock(now);
        TlsIdentity made = TlsIdentity.generate("sg", random, clock);
        assertThat(made.endsSoon(clock)).isFalse();
        now.set((made.notAfter() - Duration.ofDays(60).toSeconds()) * 1000);
        assertThat(made.endsSoon(clock)).isFalse();
        now.addAndGet(1000);
        assertThat(made.endsSoon(clock)).isTrue();
        TlsIdentity renewed = made.renewed(random, clock);
        assertThat(renewed.endsSoon(clock)).isFalse();
        assertThat(renewed.notAfter() - now.get() / 1000)
                .isBetween(
                        Duration.ofDays(3650).toSeconds(), Duration.ofDays(3655).toSeconds());
        assertThat(renewed.spki()).isEqualTo(made.spki());
        assertThat(renewed.certificate().getSubjectX500Principal())
                .isEqualTo(made.certificate().getSubjectX500Principal());
        renewed.certificate().verify(made.certificate().getPublicKey());
        assertThat(TlsIdentity.of(renewed.pkcs8(), renewed.certificateDer()).spki())
                .isEqualTo(made.spki());
    }

    private record TurnedClock(AtomicLong now) implements Clock {
        @Override
        public long wallMs() {
            return now.get();
        }

        @Override
        public long monotonicNs() {
            return 0;
        }
    }

    @Test
    void refusesADamagedStoredIdentity() {
        TlsIdentity made = TlsIdentity.generate("sg", random, Clock.system());
        assertThatThrownBy(() -> TlsIdentity.of(new byte[10], made.certificateDer()))
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.INTEGRITY));
        assertThatThrownBy(() -> TlsIdentity.of(made.pkcs8(), new byte[10]))
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.INTEGRITY));
    }
}
