package sago.sender.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.SessionId;
import sago.common.id.VaultId;
import sago.common.proto.SessionHeader;
import sago.common.secret.KernelRandom;
import sago.common.secret.SecretBytes;

final class SessionKeysTest {
    private final SecureRandom random = KernelRandom.create();
    private final KemKeyPair dataset = KemKeyPair.generate(random);
    private final SessionScope scope =
            new SessionScope(VaultId.random(random), DatasetId.random(random), 3, SessionId.random(random));

    @Test
    void givesTheKeyBackToTheKeyHolder() throws FaultException {
        SealedSession session = SessionKeys.create(scope, dataset.publicKey(), random);
        assertThat(session.key().length()).isEqualTo(SessionKeys.KEY_BYTES);
        assertThat(SessionKeys.open(dataset.seed(), session.header())).isEqualTo(session.key());
        assertThat(SessionKeys.scope(session.header())).isEqualTo(scope);
    }

    @Test
    void makesFreshKeyAndHeaderEachTime() throws FaultException {
        SealedSession one = SessionKeys.create(scope, dataset.publicKey(), random);
        SealedSession two = SessionKeys.create(scope, dataset.publicKey(), random);
        assertThat(one.key()).isNotEqualTo(two.key());
        assertThat(one.header()).isNotEqualTo(two.header());
    }

    @Test
    void bindsLabelAndIdsIntoTheSealing() {
        byte[] info = new SessionScope(new VaultId(1, 2), new DatasetId(3, 4), 5, new SessionId(6, 7)).info();
        assertThat(new String(info, 0, 15, StandardCharsets.US_ASCII)).isEqualTo("sago/v1/session");
        assertThat(ByteString.copyFrom(info, 15, info.length - 15))
                .isEqualTo(ByteString.fromHex("00000000000000010000000000000002" + "00000000000000030000000000000004"
                        + "00000005" + "00000000000000060000000000000007"));
    }

    /** The exact bytes of a header made of prescribed randomness; a change here is a change of the format. */
    @Test
    void keepsTheFormatOfHeaders() throws Exception {
        byte[] key = filled(32, 1);
        SessionScope fixed = new SessionScope(new VaultId(1, 2), new DatasetId(3, 4), 5, new SessionId(6, 7));
        KemKeyPair pair = KemKeyPair.ofSeed(SecretBytes.of(filled(32, 2)));
        SealedSession session =
                SessionKeys.create(fixed, pair.publicKey(), new FixedRandom(key, filled(HpkeBox.ENC_BYTES, 3)));
        assertThat(session.header().size()).isEqualTo(1233);
        assertThat(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256")
                                .digest(session.header().toByteArray())))
                .isEqualTo("bb316c6b1488a3bd64fa5e340c9c10666c8c9b1bbbd74012750d36cdfaecc9d4");
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    @Test
    void refusesHeaderOfOtherVaultDatasetEpochOrSession() throws Exception {
        SessionHeader header = header();
        ByteString other = ByteString.copyFrom(new byte[16]);
        refused(Fault.WRONG_KEY, () -> open(header.toBuilder().setVault(other)));
        refused(Fault.WRONG_KEY, () -> open(header.toBuilder().setDataset(other)));
        refused(Fault.WRONG_KEY, () -> open(header.toBuilder().setKeyEpoch(4)));
        refused(Fault.WRONG_KEY, () -> open(header.toBuilder().setSession(other)));
        SecretBytes otherSeed = SecretBytes.random(KemKeyPair.SEED_BYTES, random);
        refused(Fault.WRONG_KEY, () -> SessionKeys.open(otherSeed, header.toByteString()));
    }

    @Test
    void refusesHeaderOfLaterVersion() throws Exception {
        SessionHeader header = header();
        refused(Fault.VERSION, () -> open(header.toBuilder().setFormat(2)));
        refused(Fault.VERSION, () -> open(header.toBuilder().setSuite(2)));
        refused(Fault.VERSION, () -> open(header.toBuilder().setUnknownFields(field(999))));
        assertThat(SessionKeys.open(
                                dataset.seed(),
                                header.toBuilder()
                                        .setUnknownFields(field(1000))
                                        .build()
                                        .toByteString())
                        .length())
                .isEqualTo(32);
    }

    @Test
    void refusesFieldsOfWrongLengthAndGarbage() throws Exception {
        SessionHeader header = header();
        ByteString shorter = ByteString.copyFrom(new byte[15]);
        refused(Fault.INTEGRITY, () -> open(header.toBuilder().setVault(shorter)));
        refused(Fault.INTEGRITY, () -> open(header.toBuilder().setDataset(shorter)));
        refused(Fault.INTEGRITY, () -> open(header.toBuilder().setSession(shorter)));
        refused(Fault.INTEGRITY, () -> open(header.toBuilder().setEnc(shorter)));
        refused(Fault.INTEGRITY, () -> open(header.toBuilder().setSealedKey(shorter)));
        refused(Fault.INTEGRITY, () -> SessionKeys.scope(ByteString.copyFromUtf8("no header")));
        refused(Fault.VERSION, () -> SessionKeys.scope(ByteString.EMPTY));
    }

    private SessionHeader header() throws FaultException, InvalidProtocolBufferException {
        return SessionHeader.parseFrom(
                SessionKeys.create(scope, dataset.publicKey(), random).header());
    }

    private SecretBytes open(SessionHeader.Builder header) throws FaultException {
        return SessionKeys.open(dataset.seed(), header.build().toByteString());
    }

    private static UnknownFieldSet field(int number) {
        return UnknownFieldSet.newBuilder()
                .addField(
                        number, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                .build();
    }

    private static void refused(Fault fault, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(fault));
    }
}
