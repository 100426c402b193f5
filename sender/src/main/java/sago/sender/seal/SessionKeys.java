package sago.sender.seal;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.security.SecureRandom;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SessionId;
import sago.common.id.VaultId;
import sago.common.proto.SessionHeader;
import sago.common.secret.SecretBytes;
import sago.common.sign.Hashes;
import sago.common.sign.UnknownFields;

/**
 * Session keys: random, sealed to the dataset's public key, and kept only in memory and in the sealed header. The sender that makes one cannot
 * open the header of another. Any thread.
 */
public final class SessionKeys {
    public static final int KEY_BYTES = 32;

    private static final int FORMAT = 1;

    /** HPKE base mode: X-Wing, HKDF-SHA256, ChaCha20-Poly1305. */
    private static final int SUITE = 1;

    private static final byte[] NO_AAD = {};

    private SessionKeys() {}

    /**
     * A fresh key for a session.
     *
     * @param datasetPublicKey from the grant, whose signature was verified
     * @throws FaultException INTEGRITY if that is no X-Wing public key
     */
    public static SealedSession create(SessionScope scope, ByteString datasetPublicKey, SecureRandom random)
            throws FaultException {
        SecretBytes key = SecretBytes.random(KEY_BYTES, random);
        SessionHeader header = seal(scope, datasetPublicKey, key, random).build();
        return new SealedSession(header.toByteString(), key);
    }

    /**
     * The same session key sealed to another key pair of the dataset. The result names the hash of the session's first header, which is what
     * manifests name, however often it was sealed anew.
     *
     * @param header any header of the session
     * @param seed private half of the key pair of that header's epoch, borrowed
     * @param keyEpoch of the other key pair
     * @throws FaultException WRONG_KEY if the seed does not open the header
     */
    public static ByteString reseal(
            ByteString header, SecretBytes seed, int keyEpoch, ByteString datasetPublicKey, SecureRandom random)
            throws FaultException {
        SessionScope old = scope(header);
        SessionScope scope = new SessionScope(old.vault(), old.dataset(), keyEpoch, old.session());
        try (SecretBytes key = open(seed, header)) {
            return seal(scope, datasetPublicKey, key, random)
                    .setReplaces(ByteString.copyFrom(firstHeader(header).toBytes()))
                    .build()
                    .toByteString();
        }
    }

    /** SHA-256 of the first header of the session that this is a header of: its own, unless it says that it replaces another one. */
    public static Hash firstHeader(ByteString header) throws FaultException {
        ByteString replaced = parse(header).getReplaces();
        return replaced.isEmpty() ? Hashes.sha256(header) : Hash.of(replaced.toByteArray());
    }

    private static SessionHeader.Builder seal(
            SessionScope scope, ByteString publicKey, SecretBytes key, SecureRandom random) throws FaultException {
        ByteString box = HpkeBox.seal(publicKey, scope.info(), NO_AAD, key, random);
        return SessionHeader.newBuilder()
                .setFormat(FORMAT)
                .setSuite(SUITE)
                .setVault(ByteString.copyFrom(scope.vault().toBytes()))
                .setDataset(ByteString.copyFrom(scope.dataset().toBytes()))
                .setKeyEpoch(scope.keyEpoch())
                .setSession(ByteString.copyFrom(scope.session().toBytes()))
                .setEnc(box.substring(0, HpkeBox.ENC_BYTES))
                .setSealedKey(box.substring(HpkeBox.ENC_BYTES));
    }

    /**
     * What a header says it is for; true only if {@link #open} succeeds or its hash was signed.
     *
     * @throws FaultException INTEGRITY or VERSION if it is no session header that this version reads
     */
    public static SessionScope scope(ByteString header) throws FaultException {
        return scope(parse(header));
    }

    /**
     * Opens a header; the caller closes the key, and compares {@link #scope} with what it asked for.
     *
     * @param seed private half of the dataset's key pair of the header's epoch, borrowed
     * @throws FaultException WRONG_KEY if the seed does not open it
     */
    public static SecretBytes open(SecretBytes seed, ByteString header) throws FaultException {
        SessionHeader parsed = parse(header);
        ByteString box = parsed.getEnc().concat(parsed.getSealedKey());
        return HpkeBox.open(seed, scope(parsed).info(), NO_AAD, box);
    }

    private static SessionScope scope(SessionHeader header) {
        return new SessionScope(
                VaultId.of(header.getVault().toByteArray()),
                DatasetId.of(header.getDataset().toByteArray()),
                header.getKeyEpoch(),
                SessionId.of(header.getSession().toByteArray()));
    }

    private static SessionHeader parse(ByteString bytes) throws FaultException {
        SessionHeader header;
        try {
            header = SessionHeader.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new FaultException(Fault.INTEGRITY, "session header does not parse", e);
        }
        UnknownFields.refuse(header);
        if (header.getFormat() != FORMAT || header.getSuite() != SUITE) {
            throw new FaultException(
                    Fault.VERSION,
                    "session header has format " + header.getFormat() + ", suite " + header.getSuite()
                            + "; this version reads 1, 1");
        }
        if (header.getVault().size() != VaultId.BYTES
                || header.getDataset().size() != DatasetId.BYTES
                || header.getSession().size() != SessionId.BYTES
                || (!header.getReplaces().isEmpty() && header.getReplaces().size() != Hash.BYTES)
                || header.getEnc().size() != HpkeBox.ENC_BYTES
                || header.getSealedKey().size() != KEY_BYTES + HpkeBox.OVERHEAD_BYTES - HpkeBox.ENC_BYTES) {
            throw new FaultException(Fault.INTEGRITY, "session header has a field of a wrong length");
        }
        return header;
    }
}
