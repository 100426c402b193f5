package sago.sender.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import org.bouncycastle.crypto.SecretWithEncapsulation;
import org.bouncycastle.crypto.agreement.X25519Agreement;
import org.bouncycastle.crypto.kems.MLKEMExtractor;
import org.bouncycastle.crypto.kems.MLKEMGenerator;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLKEMPublicKeyParameters;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.X25519PublicKeyParameters;
import org.bouncycastle.pqc.crypto.xwing.XWingKEMExtractor;
import org.bouncycastle.pqc.crypto.xwing.XWingKEMGenerator;
import org.bouncycastle.pqc.crypto.xwing.XWingPrivateKeyParameters;
import org.bouncycastle.pqc.crypto.xwing.XWingPublicKeyParameters;
import org.junit.jupiter.api.Test;
import sago.common.secret.SecretBytes;
import sago.common.testing.Tally;
import sago.common.testing.Vectors;

/** X-Wing, and the ML-KEM-768 and X25519 classes of Bouncy Castle on which its X-Wing stands. */
final class KemVectorsTest {
    private static final MLKEMParameters ML_KEM_768 = MLKEMParameters.ml_kem_768;

    @Test
    void agreesWithTheXWingDraft() throws IOException {
        Tally tally = new Tally("xwing");
        for (Object vector : Vectors.list("xwing/xwing.json")) {
            Map<String, Object> test = Vectors.fields(vector);
            byte[] publicKey = Vectors.hex(test, "pk");
            KemKeyPair pair = KemKeyPair.ofSeed(SecretBytes.of(Vectors.hex(test, "sk")));
            assertThat(pair.publicKey().toByteArray()).isEqualTo(publicKey);
            SecretWithEncapsulation made = new XWingKEMGenerator(new FixedRandom(Vectors.hex(test, "eseed")))
                    .generateEncapsulated(new XWingPublicKeyParameters(publicKey));
            assertThat(made.getEncapsulation()).isEqualTo(Vectors.hex(test, "ct"));
            assertThat(made.getSecret()).isEqualTo(Vectors.hex(test, "ss"));
            XWingKEMExtractor extractor = new XWingKEMExtractor(new XWingPrivateKeyParameters(Vectors.hex(test, "sk")));
            assertThat(extractor.extractSecret(Vectors.hex(test, "ct"))).isEqualTo(Vectors.hex(test, "ss"));
            tally.ran();
        }
        tally.expect(3, 0);
    }

    @Test
    void makesTheMlKemKeysOfWycheproof() throws IOException {
        Tally tally = new Tally("wycheproof mlkem_768_keygen_seed");
        Vectors.wycheproof("mlkem_768_keygen_seed_test.json", (group, test) -> {
            MLKEMPrivateKeyParameters key = new MLKEMPrivateKeyParameters(ML_KEM_768, Vectors.hex(test, "seed"));
            assertThat(key.getPublicKey()).isEqualTo(Vectors.hex(test, "ek"));
            tally.ran();
        });
        tally.expect(100, 0);
    }

    @Test
    void decapsulatesAsWycheproof() throws IOException {
        Tally tally = new Tally("wycheproof mlkem_768");
        Vectors.wycheproof("mlkem_768_test.json", (group, test) -> {
            if (Vectors.hex(test, "seed").length != 64) {
                tally.skip("X-Wing always expands its own 64-byte ML-KEM seed");
            } else if (Vectors.text(test, "result").equals("valid")) {
                assertThat(decapsulate(test)).isEqualTo(Vectors.hex(test, "K"));
                tally.ran();
            } else {
                assertThatThrownBy(() -> decapsulate(test)).isInstanceOf(RuntimeException.class);
                tally.ran();
            }
        });
        tally.expect(173, 20);
    }

    @Test
    void encapsulatesAsWycheproof() throws IOException {
        Tally tally = new Tally("wycheproof mlkem_768_encaps");
        Vectors.wycheproof("mlkem_768_encaps_test.json", (group, test) -> {
            if (Vectors.text(test, "result").equals("valid")) {
                SecretWithEncapsulation made = encapsulate(test);
                assertThat(made.getEncapsulation()).isEqualTo(Vectors.hex(test, "c"));
                assertThat(made.getSecret()).isEqualTo(Vectors.hex(test, "K"));
            } else {
                assertThatThrownBy(() -> encapsulate(test))
                        .as(String.valueOf(test.get("tcId")))
                        .isInstanceOf(RuntimeException.class);
            }
            tally.ran();
        });
        tally.expect(265, 0);
    }

    @Test
    void agreesWithWycheproofOnX25519() throws IOException {
        Tally tally = new Tally("wycheproof x25519");
        Vectors.wycheproof("x25519_test.json", (group, test) -> {
            if (Vectors.items(test, "flags").contains("ZeroSharedSecret")) {
                assertThatThrownBy(() -> agree(test)).isInstanceOf(IllegalStateException.class);
            } else {
                assertThat(agree(test)).isEqualTo(Vectors.hex(test, "shared"));
            }
            tally.ran();
        });
        tally.expect(518, 0);
    }

    private static byte[] decapsulate(Map<String, Object> test) {
        MLKEMPrivateKeyParameters key = new MLKEMPrivateKeyParameters(ML_KEM_768, Vectors.hex(test, "seed"));
        return new MLKEMExtractor(key).extractSecret(Vectors.hex(test, "c"));
    }

    private static SecretWithEncapsulation encapsulate(Map<String, Object> test) {
        MLKEMPublicKeyParameters key = new MLKEMPublicKeyParameters(ML_KEM_768, Vectors.hex(test, "ek"));
        return new MLKEMGenerator(new FixedRandom(Vectors.hex(test, "m"))).generateEncapsulated(key);
    }

    private static byte[] agree(Map<String, Object> test) {
        X25519Agreement agreement = new X25519Agreement();
        agreement.init(new X25519PrivateKeyParameters(Vectors.hex(test, "private")));
        byte[] shared = new byte[agreement.getAgreementSize()];
        agreement.calculateAgreement(new X25519PublicKeyParameters(Vectors.hex(test, "public")), shared, 0);
        return shared;
    }
}
