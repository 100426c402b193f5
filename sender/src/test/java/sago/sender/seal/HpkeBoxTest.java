package sago.sender.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKEContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.secret.KernelRandom;
import sago.common.secret.SecretBytes;
import sago.common.testing.Tally;
import sago.common.testing.Vectors;

final class HpkeBoxTest {
    private static final byte[] INFO = {1, 2, 3};
    private static final byte[] AAD = {4, 5};

    private final SecureRandom random = KernelRandom.create();
    private final KemKeyPair pair = KemKeyPair.generate(random);

    @Test
    void agreesWithThePostQuantumDraft() throws Exception {
        Tally tally = new Tally("hpke-pq");
        for (Object vector : Vectors.list("hpke/hpke-pq.json")) {
            Map<String, Object> test = Vectors.fields(vector);
            if (Vectors.number(test, "kem_id") != 0x647a) {
                tally.skip("a KEM other than X-Wing");
            } else if (Vectors.number(test, "kdf_id") != 1) {
                tally.skip("X-Wing with a KDF other than HKDF-SHA256");
            } else {
                assertThat(Vectors.number(test, "aead_id")).isEqualTo(3);
                assertThat(Vectors.number(test, "mode")).isZero();
                checkSuite(test);
                tally.ran();
            }
        }
        tally.expect(1, 12);
    }

    private static void checkSuite(Map<String, Object> test) throws FaultException, InvalidCipherTextException {
        byte[] info = Vectors.hex(test, "info");
        ByteString enc = ByteString.copyFrom(Vectors.hex(test, "enc"));
        KemKeyPair pair = KemKeyPair.ofSeed(SecretBytes.of(Vectors.hex(test, "skRm")));
        assertThat(pair.publicKey().toByteArray()).isEqualTo(Vectors.hex(test, "pkRm"));
        HPKEContext receiver = HpkeBox.suite()
                .setupBaseR(
                        enc.toByteArray(),
                        HpkeBox.suite().deserializePrivateKey(pair.seed().reveal(), null),
                        info);
        assertThat(Vectors.items(test, "encryptions")).hasSize(10);
        boolean first = true;
        for (Object item : Vectors.items(test, "encryptions")) {
            Map<String, Object> message = Vectors.fields(item);
            byte[] aad = Vectors.hex(message, "aad");
            SecretBytes plain = SecretBytes.of(Vectors.hex(message, "pt"));
            ByteString sealed = ByteString.copyFrom(Vectors.hex(message, "ct"));
            assertThat(receiver.open(aad, sealed.toByteArray())).isEqualTo(plain.reveal());
            if (first) {
                FixedRandom fixed = new FixedRandom(Vectors.hex(test, "ikmE"));
                assertThat(HpkeBox.seal(pair.publicKey(), info, aad, plain, fixed))
                        .isEqualTo(enc.concat(sealed));
                assertThat(HpkeBox.open(pair.seed(), info, aad, enc.concat(sealed)))
                        .isEqualTo(plain);
            }
            first = false;
        }
        for (Object item : Vectors.items(test, "exports")) {
            Map<String, Object> export = Vectors.fields(item);
            assertThat(receiver.export(Vectors.hex(export, "exporter_context"), Vectors.number(export, "L")))
                    .isEqualTo(Vectors.hex(export, "exported_value"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 32, 33, 64, 100_000})
    void opensWhatItSealed(int length) throws FaultException {
        SecretBytes plain = SecretBytes.random(length, random);
        ByteString box = HpkeBox.seal(pair.publicKey(), INFO, AAD, plain, random);
        assertThat(box.size()).isEqualTo(length + HpkeBox.OVERHEAD_BYTES);
        assertThat(HpkeBox.open(pair.seed(), INFO, AAD, box)).isEqualTo(plain);
    }

    /** One bit of every byte, every bit in turn. */
    @Test
    void refusesFlippedBitsEverywhere() throws FaultException {
        byte[] box = HpkeBox.seal(pair.publicKey(), INFO, AAD, SecretBytes.of(new byte[32]), random)
                .toByteArray();
        for (int i = 0; i < box.length; i++) {
            box[i] ^= (byte) (1 << (i % 8));
            refused(Fault.WRONG_KEY, () -> HpkeBox.open(pair.seed(), INFO, AAD, ByteString.copyFrom(box)));
            box[i] ^= (byte) (1 << (i % 8));
        }
    }

    @Test
    void refusesOtherKeyInfoAndAssociatedData() throws FaultException {
        ByteString box = HpkeBox.seal(pair.publicKey(), INFO, AAD, SecretBytes.of(new byte[32]), random);
        SecretBytes other = SecretBytes.random(KemKeyPair.SEED_BYTES, random);
        refused(Fault.WRONG_KEY, () -> HpkeBox.open(other, INFO, AAD, box));
        refused(Fault.WRONG_KEY, () -> HpkeBox.open(pair.seed(), AAD, AAD, box));
        refused(Fault.WRONG_KEY, () -> HpkeBox.open(pair.seed(), INFO, INFO, box));
    }

    @Test
    void refusesShortenedBoxes() throws FaultException {
        ByteString box = HpkeBox.seal(pair.publicKey(), INFO, AAD, SecretBytes.of(new byte[0]), random);
        for (int length : new int[] {0, 1, HpkeBox.ENC_BYTES, HpkeBox.OVERHEAD_BYTES - 1}) {
            refused(Fault.INTEGRITY, () -> HpkeBox.open(pair.seed(), INFO, AAD, box.substring(0, length)));
        }
    }

    /** All zeros is a point of low order: an honest sender never has it, and its shared secret would be known. */
    @Test
    void refusesEncapsulationWithPointOfLowOrder() throws FaultException {
        byte[] box = HpkeBox.seal(pair.publicKey(), INFO, AAD, SecretBytes.of(new byte[32]), random)
                .toByteArray();
        Arrays.fill(box, HpkeBox.ENC_BYTES - 32, HpkeBox.ENC_BYTES, (byte) 0);
        refused(Fault.WRONG_KEY, () -> HpkeBox.open(pair.seed(), INFO, AAD, ByteString.copyFrom(box)));
    }

    @Test
    void refusesToSealToWhatIsNoPublicKey() {
        SecretBytes plain = SecretBytes.of(new byte[32]);
        ByteString key = pair.publicKey();
        byte[] overflowing = key.toByteArray();
        Arrays.fill(overflowing, 0, 300, (byte) 0xff);
        for (ByteString bad : new ByteString[] {
            ByteString.EMPTY,
            key.substring(1),
            key.concat(ByteString.copyFromUtf8("x")),
            ByteString.copyFrom(overflowing)
        }) {
            refused(Fault.INTEGRITY, () -> HpkeBox.seal(bad, INFO, AAD, plain, random));
        }
    }

    private static void refused(Fault fault, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(fault));
    }
}
