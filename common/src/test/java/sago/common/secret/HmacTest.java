package sago.common.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import sago.common.testing.Tally;
import sago.common.testing.Vectors;

final class HmacTest {
    @Test
    void givesTheAnswersOfWycheproof() throws IOException {
        Tally tally = new Tally("wycheproof hmac_sha256");
        Vectors.wycheproof("hmac_sha256_test.json", (group, test) -> {
            if (Vectors.number(group, "tagSize") != Hmac.BYTES * 8) {
                tally.skip("truncated tags are not used");
                return;
            }
            SecretBytes key = SecretBytes.of(Vectors.hex(test, "key"));
            byte[] tag = Hmac.sha256(key, Vectors.hex(test, "msg"));
            boolean matches = MessageDigest.isEqual(tag, Vectors.hex(test, "tag"));
            assertThat(matches).isEqualTo(Vectors.text(test, "result").equals("valid"));
            tally.ran();
        });
        tally.expect(87, 87);
    }

    @Test
    void beginsTheNextMessageUnderTheSameKey() {
        SecretBytes key = SecretBytes.of(new byte[] {1, 2, 3});
        Hmac hmac = new Hmac(key);
        byte[] message = {9, 8, 7, 6};
        byte[] first = hmac.update(message).finish();
        byte[] second = new byte[40];
        hmac.update((byte) 9).update(ByteBuffer.wrap(message, 1, 3)).finish(second, 8);
        assertThat(Arrays.copyOfRange(second, 8, 40)).isEqualTo(first).isEqualTo(Hmac.sha256(key, message));
    }

    @Test
    void refusesTargetWithoutRoom() {
        Hmac hmac = new Hmac(SecretBytes.of(new byte[32]));
        assertThatThrownBy(() -> hmac.finish(new byte[40], 9)).isInstanceOf(IllegalArgumentException.class);
    }
}
