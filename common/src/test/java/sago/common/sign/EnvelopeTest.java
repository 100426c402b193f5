package sago.common.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.proto.DualPublicKey;
import sago.common.proto.SignedEnvelope;
import sago.common.secret.SecretBytes;

final class EnvelopeTest {
    private static final ByteString PAYLOAD = ByteString.copyFromUtf8("what is signed");

    private final SigningKey key = key(1);
    private final ByteString envelope = key.sign(SignerRole.SITE, SignedType.RECEIPT, PAYLOAD);

    @Test
    void givesBackTheExactBytesThatWereSigned() throws FaultException {
        assertThat(key.verifyingKey().verify(envelope, SignerRole.SITE, SignedType.RECEIPT))
                .isEqualTo(PAYLOAD);
    }

    @Test
    void signsAnEmptyPayload() throws FaultException {
        ByteString empty = key.sign(SignerRole.SITE, SignedType.RECEIPT, ByteString.EMPTY);
        assertThat(key.verifyingKey().verify(empty, SignerRole.SITE, SignedType.RECEIPT))
                .isEmpty();
    }

    @Test
    void signsTheSameBytesTheSameWay() {
        assertThat(key.sign(SignerRole.SITE, SignedType.RECEIPT, PAYLOAD)).isEqualTo(envelope);
    }

    @Test
    void signsRoleTypeAndTheHashOfThePayloadInThatOrder() {
        byte[] input = SignedInput.of(SignerRole.SITE, SignedType.RECEIPT, PAYLOAD);
        ByteString prefix = ByteString.copyFrom("sago/v1/site/receipt\0", StandardCharsets.US_ASCII);
        ByteString hash = ByteString.copyFrom(Hashes.sha256(PAYLOAD).toBytes());
        assertThat(input).isEqualTo(prefix.concat(hash).toByteArray());
    }

    @Test
    void pinsTheBytesOfAnEnvelope() {
        // Field tags, lengths and the key id of the seeds 01…01 and 02…02; changes only with the format version.
        assertThat(envelope.size()).isEqualTo(2 + 2 + 34 + 16 + 66 + 3312);
        assertThat(envelope.substring(0, 6).toByteArray()).isEqualTo(new byte[] {8, 3, 16, 20, 26, 32});
        assertThat(Hashes.sha256(envelope).toString())
                .isEqualTo("a91b5a6b829989b0e0eabc59b228b55d3221932a960f2bf753bf857db752b74a");
    }

    @Test
    void refusesEverySingleFlippedBitInSignaturesAndPayload() throws Exception {
        SignedEnvelope signed = SignedEnvelope.parseFrom(envelope);
        for (int bit = 0; bit < PAYLOAD.size() * 8; bit++) {
            refuses(
                    Fault.INTEGRITY,
                    signed.toBuilder().setPayload(flip(PAYLOAD, bit)).build());
        }
        for (int bit : new int[] {0, 7, 8, 255, 256, 511}) {
            refuses(
                    Fault.INTEGRITY,
                    signed.toBuilder()
                            .setEd25519(flip(signed.getEd25519(), bit))
                            .build());
        }
        for (int bit : new int[] {0, 383, 384, 20_000, 3309 * 8 - 1}) {
            refuses(
                    Fault.INTEGRITY,
                    signed.toBuilder()
                            .setMlDsa65(flip(signed.getMlDsa65(), bit))
                            .build());
        }
    }

    @Test
    void demandsBothSignatures() throws Exception {
        SignedEnvelope signed = SignedEnvelope.parseFrom(envelope);
        refuses(Fault.INTEGRITY, signed.toBuilder().clearEd25519().build());
        refuses(Fault.INTEGRITY, signed.toBuilder().clearMlDsa65().build());
        SignedEnvelope other =
                SignedEnvelope.parseFrom(key.sign(SignerRole.SITE, SignedType.RECEIPT, PAYLOAD.concat(PAYLOAD)));
        refuses(
                Fault.INTEGRITY,
                signed.toBuilder().setEd25519(other.getEd25519()).build());
        refuses(
                Fault.INTEGRITY,
                signed.toBuilder().setMlDsa65(other.getMlDsa65()).build());
    }

    @Test
    void refusesSignatureOfAnotherKey() {
        assertThatThrownBy(() -> key(7).verifyingKey().verify(envelope, SignerRole.SITE, SignedType.RECEIPT))
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.PEER_REFUSED));
    }

    @Test
    void refusesAnotherTypeOfTheSameRole() {
        ByteString open = key.sign(SignerRole.SENDER, SignedType.SESSION_OPEN, PAYLOAD);
        assertThatThrownBy(() -> key.verifyingKey().verify(open, SignerRole.SENDER, SignedType.MANIFEST_STUB))
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.PEER_REFUSED));
    }

    @Test
    void refusesAnotherRoleEvenIfTheLabelsAreRewritten() throws Exception {
        SignedEnvelope signed = SignedEnvelope.parseFrom(key.sign(SignerRole.SENDER, SignedType.SESSION_OPEN, PAYLOAD));
        ByteString relabelled = signed.toBuilder()
                .setRole(SignerRole.ORDER.wireId())
                .setType(SignedType.DATASET_GRANT.wireId())
                .build()
                .toByteString();
        assertThatThrownBy(() -> key.verifyingKey().verify(relabelled, SignerRole.ORDER, SignedType.DATASET_GRANT))
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.INTEGRITY));
        assertThatThrownBy(() ->
                        key.verifyingKey().verify(signed.toByteString(), SignerRole.ORDER, SignedType.DATASET_GRANT))
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.PEER_REFUSED));
    }

    @Test
    void signsNoTypeForARoleThatDoesNotOwnIt() {
        assertThatThrownBy(() -> key.sign(SignerRole.SENDER, SignedType.DATASET_GRANT, PAYLOAD))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void boundsEnvelopesBeforeParsingThem() {
        int max = SignedType.RECEIPT.payloadBytesMax();
        ByteString longest = ByteString.copyFrom(new byte[max]);
        ByteString sound = key.sign(SignerRole.SITE, SignedType.RECEIPT, longest);
        assertThat(catchFault(sound)).isNull();
        assertThat(catchFault(ByteString.copyFrom(new byte[max + Envelopes.OVERHEAD_BYTES_MAX + 1])))
                .isEqualTo(Fault.LIMIT);
        assertThat(catchFault(SignedEnvelope.newBuilder()
                        .setPayload(ByteString.copyFrom(new byte[max + 1]))
                        .build()
                        .toByteString()))
                .isEqualTo(Fault.LIMIT);
        assertThatThrownBy(() ->
                        key.sign(SignerRole.SITE, SignedType.RECEIPT, longest.concat(ByteString.copyFrom(new byte[1]))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesCutAndForeignBytes() {
        assertThat(catchFault(ByteString.EMPTY)).isEqualTo(Fault.PEER_REFUSED);
        assertThat(catchFault(envelope.substring(0, envelope.size() - 1))).isEqualTo(Fault.INTEGRITY);
        assertThat(catchFault(ByteString.copyFromUtf8("GET / HTTP/1.1\r\n"))).isEqualTo(Fault.INTEGRITY);
    }

    @Test
    void refusesUnknownCriticalFieldsAndSkipsOptionalOnes() throws Exception {
        SignedEnvelope signed = SignedEnvelope.parseFrom(envelope);
        refuses(Fault.VERSION, signed.toBuilder().setUnknownFields(unknown(999)).build());
        assertThat(catchFault(signed.toBuilder()
                        .setUnknownFields(unknown(1000))
                        .build()
                        .toByteString()))
                .isNull();
    }

    @Test
    void refusesDamagedPublicKeys() {
        DualPublicKey sound = key.verifyingKey().toProto();
        for (DualPublicKey damaged : Arrays.asList(
                DualPublicKey.getDefaultInstance(),
                sound.toBuilder().setEd25519(sound.getEd25519().substring(1)).build(),
                sound.toBuilder().setMlDsa65(sound.getMlDsa65().substring(1)).build(),
                sound.toBuilder().setEd25519(ByteString.copyFrom(new byte[32])).build())) {
            assertThatThrownBy(() -> VerifyingKey.of(damaged))
                    .isInstanceOfSatisfying(
                            FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.INTEGRITY));
        }
    }

    @Test
    void hashesBothHalvesIntoTheKeyId() throws FaultException {
        DualPublicKey a = key(1).verifyingKey().toProto();
        DualPublicKey b = key(3).verifyingKey().toProto();
        VerifyingKey mixed =
                VerifyingKey.of(a.toBuilder().setMlDsa65(b.getMlDsa65()).build());
        assertThat(mixed).isNotEqualTo(VerifyingKey.of(a)).isNotEqualTo(VerifyingKey.of(b));
        assertThat(VerifyingKey.of(a)).isEqualTo(key.verifyingKey()).hasSameHashCodeAs(key.verifyingKey());
        assertThat(key.verifyingKey().keyId()).isEqualTo(Hashes.sha256(a.getEd25519(), a.getMlDsa65()));
    }

    @Test
    void hidesSecretsAndForgetsThemWhenClosed() {
        assertThat(key.toString()).doesNotContain("0101");
        key.close();
        assertThatThrownBy(() -> key.sign(SignerRole.SITE, SignedType.RECEIPT, PAYLOAD))
                .isInstanceOf(IllegalStateException.class);
    }

    private void refuses(Fault fault, SignedEnvelope changed) {
        assertThat(catchFault(changed.toByteString())).isEqualTo(fault);
    }

    private @Nullable Fault catchFault(ByteString bytes) {
        try {
            key.verifyingKey().verify(bytes, SignerRole.SITE, SignedType.RECEIPT);
            return null;
        } catch (FaultException e) {
            return e.fault();
        }
    }

    private static UnknownFieldSet unknown(int number) {
        return UnknownFieldSet.newBuilder()
                .addField(
                        number, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                .build();
    }

    private static ByteString flip(ByteString bytes, int bit) {
        byte[] changed = bytes.toByteArray();
        changed[bit >> 3] ^= (byte) (1 << (bit & 7));
        return ByteString.copyFrom(changed);
    }

    private static SigningKey key(int fill) {
        byte[] ed25519 = new byte[32];
        byte[] mlDsa65 = new byte[32];
        Arrays.fill(ed25519, (byte) fill);
        Arrays.fill(mlDsa65, (byte) (fill + 1));
        return SigningKey.ofSeeds(SecretBytes.of(ed25519), SecretBytes.of(mlDsa65));
    }
}
