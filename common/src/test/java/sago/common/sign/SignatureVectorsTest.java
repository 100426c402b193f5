package sago.common.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sago.common.testing.Tally;
import sago.common.testing.Vectors;

/** The published cases of Wycheproof, through the classes that sign and verify envelopes. */
final class SignatureVectorsTest {
    @Test
    void judgesEveryEd25519Case() throws IOException {
        Tally tally = new Tally("wycheproof ed25519");
        Vectors.wycheproof("ed25519_test.json", (group, test) -> {
            byte[] key = Vectors.hex(Vectors.fields(group.getOrDefault("publicKey", Map.of())), "pk");
            assertThat(Ed25519.verify(key, Vectors.hex(test, "msg"), Vectors.hex(test, "sig")))
                    .as("case " + Vectors.number(test, "tcId"))
                    .isEqualTo(isValid(test));
            tally.ran();
        });
        tally.expect(151, 0);
    }

    @Test
    void judgesEveryMlDsaVerificationWithoutContext() throws IOException {
        Tally tally = new Tally("wycheproof mldsa_65 verify");
        Vectors.wycheproof("mldsa_65_verify_test.json", (group, test) -> {
            if (hasContext(test)) {
                tally.skip("our context is always empty");
                return;
            }
            byte[] key = Vectors.hex(group, "publicKey");
            assertThat(MlDsa65.verify(key, Vectors.hex(test, "msg"), Vectors.hex(test, "sig")))
                    .as("case " + Vectors.number(test, "tcId"))
                    .isEqualTo(isValid(test));
            tally.ran();
        });
        tally.expect(203, 7);
    }

    @Test
    void signsAsEveryMlDsaSeedCaseSays() throws IOException {
        Tally tally = new Tally("wycheproof mldsa_65 sign");
        Vectors.wycheproof("mldsa_65_sign_seed_test.json", (group, test) -> {
            if (hasContext(test)) {
                tally.skip("our context is always empty");
            } else if (test.containsKey("rnd")) {
                tally.skip("we sign deterministically");
            } else if (!test.containsKey("msg")) {
                tally.skip("we sign messages, not their hashes");
            } else {
                signs(group, test);
                tally.ran();
            }
        });
        tally.expect(83, 22);
    }

    private static void signs(Map<String, Object> group, Map<String, Object> test) {
        String name = "case " + Vectors.number(test, "tcId");
        byte[] seed = Vectors.hex(group, "privateSeed");
        byte[] message = Vectors.hex(test, "msg");
        if (isValid(test)) {
            assertThat(MlDsa65.publicKey(seed)).as(name).isEqualTo(Vectors.hex(group, "publicKey"));
            assertThat(MlDsa65.sign(seed, message)).as(name).isEqualTo(Vectors.hex(test, "sig"));
        } else {
            assertThatThrownBy(() -> MlDsa65.sign(seed, message)).as(name).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static boolean isValid(Map<String, Object> test) {
        return Vectors.text(test, "result").equals("valid");
    }

    private static boolean hasContext(Map<String, Object> test) {
        return test.containsKey("ctx") && !Vectors.text(test, "ctx").isEmpty();
    }
}
