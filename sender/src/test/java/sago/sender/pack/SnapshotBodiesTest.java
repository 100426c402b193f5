package sago.sender.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.id.SessionId;
import sago.common.pack.PackGeometry;
import sago.sender.proto.SnapshotBody;
import sago.sender.seal.Aead;
import sago.sender.seal.AeadProviders;

class SnapshotBodiesTest {
    private final Aead aead = AeadProviders.choose().aead();
    private final PackSession session = MemoryPacks.session(PackGeometry.DEFAULT);

    @Test
    void opensWhatWasSealedAtEveryLength() throws Exception {
        for (int length : new int[] {0, 1, 4000, 4096, 65_000, 66_000, 200_000}) {
            SnapshotBody body = body(length);
            byte[] sealed = SnapshotBodies.seal(session, 7, body, new SecureRandom(), aead);
            assertThat(SnapshotBodies.open(session, 7, sealed, aead)).isEqualTo(body);
        }
    }

    @Test
    void hidesItsLengthInSteps() {
        int small = SnapshotBodies.seal(session, 7, body(1), new SecureRandom(), aead).length;
        assertThat(small).isEqualTo(74 + 4096 + 32);
        assertThat(SnapshotBodies.seal(session, 7, body(3000), new SecureRandom(), aead))
                .hasSize(small);
    }

    @Test
    void refusesABodyOfAnotherSequenceOrSession() {
        byte[] sealed = SnapshotBodies.seal(session, 7, body(10), new SecureRandom(), aead);
        assertThatThrownBy(() -> SnapshotBodies.open(session, 8, sealed, aead))
                .extracting("fault")
                .isEqualTo(Fault.INTEGRITY);
        PackSession other = new PackSession(
                session.vault(), session.dataset(), new SessionId(0, 0), session.key(), session.geometry());
        assertThatThrownBy(() -> SnapshotBodies.open(other, 7, sealed, aead))
                .extracting("fault")
                .isEqualTo(Fault.INTEGRITY);
    }

    @Test
    void findsEveryFlippedByteAndEveryCut() {
        byte[] sealed = SnapshotBodies.seal(session, 7, body(10), new SecureRandom(), aead);
        for (int at = 0; at < sealed.length; at++) {
            byte[] damaged = sealed.clone();
            damaged[at] ^= 1;
            assertThatThrownBy(() -> SnapshotBodies.open(session, 7, damaged, aead))
                    .as("byte %d", at)
                    .extracting("fault")
                    .isEqualTo(Fault.INTEGRITY);
        }
        for (int length : new int[] {0, 73, 74, 100, sealed.length - 1}) {
            byte[] cut = java.util.Arrays.copyOf(sealed, length);
            assertThatThrownBy(() -> SnapshotBodies.open(session, 7, cut, aead))
                    .extracting("fault")
                    .isEqualTo(Fault.INTEGRITY);
        }
    }

    private static SnapshotBody body(int bytes) {
        return SnapshotBody.newBuilder()
                .setFormat(SnapshotBodies.FORMAT)
                .setHost("chuncheon")
                .addPaths(ByteString.copyFrom(new byte[bytes]))
                .build();
    }
}
