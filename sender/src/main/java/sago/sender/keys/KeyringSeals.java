package sago.sender.keys;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.id.VaultId;
import sago.common.limits.Limits;
import sago.common.secret.SecretBytes;
import sago.common.sign.SigningKey;
import sago.common.sign.UnknownFields;
import sago.common.trust.HomeIdentity;
import sago.common.trust.KeyringTerms;
import sago.common.trust.Keyrings;
import sago.common.trust.NodeIdentities;
import sago.sender.proto.KeyringContent;
import sago.sender.proto.VaultFile;
import sago.sender.seal.HpkeBox;
import sago.sender.seal.KemKeyPair;

/**
 * The content of a keyring, sealed to the kit by HPKE with the info {@code "sago/v1/keyring"} and vault 16, kit version 4, counter 8 as
 * associated data, so that an old content cannot be shown under a new counter. Stateless; any thread.
 */
final class KeyringSeals {
    private static final byte[] INFO = "sago/v1/keyring".getBytes(StandardCharsets.US_ASCII);

    /** What a keyring holds besides its sealed content: the identity of home, hashes, numbers. */
    private static final int HEADROOM_BYTES = 4096;

    private KeyringSeals() {}

    /** Makes the next keyring of a vault, signed and sealed, and notes it in the vault's file. Borrows the keys. */
    static void issue(
            VaultFile.Builder file, KeyringContent content, SigningKey order, SecretBytes root, SecureRandom random)
            throws FaultException {
        HomeIdentity home = NodeIdentities.readHome(file.getHomeIdentity());
        long counter = file.getKeyringCounter() + 1;
        Hash previous =
                counter == 1 ? Hash.ZERO : Hash.of(file.getKeyringSha256().toByteArray());
        byte[] data = associatedData(home.vault(), file.getKitVersion(), counter);
        KeyringContent full = content.toBuilder()
                .setRootKey(ByteString.copyFrom(root.reveal()))
                .build();
        ByteString sealed;
        try (SecretBytes plain = SecretBytes.of(full.toByteArray())) {
            sealed = HpkeBox.seal(file.getKitPublicKey(), INFO, data, plain, random);
        }
        if (sealed.size() > Limits.KEYRING_BYTES_MAX - HEADROOM_BYTES) {
            throw new FaultException(
                    Fault.LIMIT, "this vault has as many datasets and sites as a keyring holds: make a second home");
        }
        Hash anchor = Hash.of(file.getAnchor().toByteArray());
        ByteString keyring = Keyrings.sign(
                order, new KeyringTerms(home.vault(), file.getKitVersion(), counter, previous, sealed, anchor, home));
        file.setKeyringCounter(counter)
                .setKeyring(keyring)
                .setKeyringSha256(ByteString.copyFrom(Keyrings.hash(keyring).toBytes()));
    }

    /**
     * Opens a keyring from wherever it came: verifies it against the identity in it, then that identity against the anchor, which only
     * whoever made it with this kit could make, then opens it.
     *
     * @throws FaultException PEER_REFUSED if the anchor is not this kit's, INTEGRITY or WRONG_KEY as the parts say
     */
    static KeyringContent open(ByteString envelope, Kit kit) throws FaultException {
        KeyringTerms terms = Keyrings.verifyAgainstItself(envelope);
        if (!kit.made(terms.anchor(), terms.vault(), terms.kitVersion(), terms.home())) {
            throw new FaultException(
                    Fault.PEER_REFUSED,
                    "this keyring was not made with this kit: it belongs to another vault, or somebody made it up");
        }
        byte[] data = associatedData(terms.vault(), terms.kitVersion(), terms.counter());
        try (KemKeyPair pair = kit.keyPair();
                SecretBytes plain = HpkeBox.open(pair.seed(), INFO, data, terms.sealed())) {
            KeyringContent content = KeyringContent.parseFrom(plain.reveal());
            UnknownFields.refuse(content);
            return content;
        } catch (InvalidProtocolBufferException e) {
            throw new FaultException(Fault.INTEGRITY, "a keyring's content cannot be parsed", e);
        }
    }

    private static byte[] associatedData(VaultId vault, int kitVersion, long counter) {
        return ByteBuffer.allocate(VaultId.BYTES + Integer.BYTES + Long.BYTES)
                .put(vault.toBytes())
                .putInt(kitVersion)
                .putLong(counter)
                .array();
    }
}
