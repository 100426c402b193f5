package sago.sender.keys;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.List;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.VaultId;
import sago.common.secret.Hkdf;
import sago.common.secret.SecretBytes;
import sago.sender.proto.KeySlot;
import sago.sender.seal.HpkeBox;
import sago.sender.seal.KemKeyPair;

/**
 * The slots of a vault: each holds the root key in a way that one kind of key holder can open.
 *
 * <pre>
 * kit         HPKE to the kit's public key
 * passphrase  Argon2id(passphrase, salt)  = slot key
 * key file    HKDF-SHA256(file, salt)     = slot key
 *             HKDF-Expand(slot key, "sago/v1/slot/wrap")             wraps the root key
 *             HKDF-Expand(slot key, "sago/v1/slot/commit", context)  is the commitment
 * </pre>
 *
 * The context, also the associated data of the wrapping, is vault 16, kind 4, memory 4, passes 4, lanes 4, salt, and where the slot has a name:
 * since 8, label. The commitment is compared first: if it differs in every slot of the kind, the passphrase is another one (WRONG_KEY); if it
 * is right and the root key does not open, the file is damaged (INTEGRITY). Immutable; any thread.
 */
final class Slots {
    static final int KIT = 1;
    static final int PASSPHRASE = 2;
    static final int KEY_FILE = 3;

    static final int KEY_BYTES = 32;
    private static final int SALT_BYTES = 16;
    private static final byte[] WRAP = ascii("sago/v1/slot/wrap");
    private static final byte[] COMMIT = ascii("sago/v1/slot/commit");
    private static final byte[] KIT_INFO = ascii("sago/v1/slot/kit");
    private static final byte[] KEY_FILE_INFO = ascii("sago/v1/slot/key-file");

    private final VaultId vault;
    private final Wrapping wrapping;
    private final SecureRandom random;

    Slots(VaultId vault, Wrapping wrapping, SecureRandom random) {
        this.vault = vault;
        this.wrapping = wrapping;
        this.random = random;
    }

    KeySlot forKit(SlotName name, ByteString kitPublicKey, SecretBytes root) throws FaultException {
        KeySlot.Builder slot = named(KIT, name);
        byte[] context = context(slot.build());
        return slot.setWrappedRoot(HpkeBox.seal(kitPublicKey, KIT_INFO, context, root, random))
                .setCommitment(ByteString.copyFrom(commitment(root, context)))
                .build();
    }

    KeySlot forPassphrase(SlotName name, SecretBytes utf8, SlotCost cost, SecretBytes root) throws FaultException {
        if (utf8.length() == 0) {
            throw new FaultException(Fault.USAGE, "the passphrase is empty: choose one of several words");
        }
        KeySlot slot = named(PASSPHRASE, name)
                .setSalt(salt())
                .setMemoryKib(cost.memoryKib())
                .setPasses(cost.passes())
                .setLanes(cost.lanes())
                .build();
        try (SecretBytes slotKey = argon2id(utf8, slot)) {
            return fill(slot, slotKey, root);
        }
    }

    KeySlot forKeyFile(SlotName name, SecretBytes content, SecretBytes root) throws FaultException {
        if (content.length() < Unlock.KeyFile.BYTES_MIN) {
            throw new FaultException(Fault.USAGE, "a key file needs at least 32 random bytes");
        }
        KeySlot slot = named(KEY_FILE, name).setSalt(salt()).build();
        try (SecretBytes slotKey = keyFileKey(content, slot)) {
            return fill(slot, slotKey, root);
        }
    }

    /** The root key, by the slot that this unlock opens. The caller closes it. */
    OpenedSlot open(List<KeySlot> slots, Unlock unlock) throws FaultException {
        if (unlock instanceof Unlock.RecoveryKit kit) {
            KeySlot slot = ofKind(slots, KIT, "recovery kit").get(0);
            return new OpenedSlot(openKit(slot, kit.kit()), slot);
        }
        if (unlock instanceof Unlock.Passphrase passphrase) {
            return openAny(
                    ofKind(slots, PASSPHRASE, "passphrase"), slot -> argon2id(passphrase.utf8(), slot), "passphrase");
        }
        SecretBytes content = ((Unlock.KeyFile) unlock).content();
        return openAny(ofKind(slots, KEY_FILE, "key file"), slot -> keyFileKey(content, slot), "key file");
    }

    /** Makes the key of a slot from a secret. */
    private interface KeyOf {
        SecretBytes derive(KeySlot slot) throws FaultException;
    }

    private OpenedSlot openAny(List<KeySlot> slots, KeyOf keyOf, String what) throws FaultException {
        FaultException why = new FaultException(Fault.WRONG_KEY, "this " + what + " does not open the vault");
        for (KeySlot slot : slots) {
            try (SecretBytes slotKey = keyOf.derive(slot)) {
                if (isCommitment(slot, commitment(slotKey, context(slot)))) {
                    return new OpenedSlot(unwrap(slot, slotKey), slot);
                }
            } catch (FaultException e) {
                why = e; // another slot may still open
            }
        }
        throw why;
    }

    /** The kit is the vault's: its public key was compared before. */
    private SecretBytes openKit(KeySlot slot, Kit kit) throws FaultException {
        byte[] context = context(slot);
        SecretBytes root;
        try (KemKeyPair pair = kit.keyPair()) {
            root = HpkeBox.open(pair.seed(), KIT_INFO, context, slot.getWrappedRoot());
        } catch (FaultException e) {
            throw damagedKitSlot();
        }
        if (!isCommitment(slot, commitment(root, context))) {
            root.close();
            throw damagedKitSlot();
        }
        return checkedLength(root);
    }

    private SecretBytes unwrap(KeySlot slot, SecretBytes slotKey) throws FaultException {
        try (SecretBytes key = SecretBytes.of(Hkdf.expandSha256(slotKey.reveal(), WRAP, KEY_BYTES))) {
            return checkedLength(wrapping.unwrap(key, context(slot), slot.getWrappedRoot()));
        }
    }

    private static FaultException damagedKitSlot() {
        return new FaultException(Fault.INTEGRITY, "the vault's kit slot is damaged. Put back a copy of vault.pb");
    }

    private static SecretBytes checkedLength(SecretBytes root) throws FaultException {
        if (root.length() != KEY_BYTES) {
            root.close();
            throw new FaultException(Fault.INTEGRITY, "a slot of the vault holds no root key");
        }
        return root;
    }

    private KeySlot fill(KeySlot slot, SecretBytes slotKey, SecretBytes root) {
        byte[] context = context(slot);
        try (SecretBytes key = SecretBytes.of(Hkdf.expandSha256(slotKey.reveal(), WRAP, KEY_BYTES))) {
            return slot.toBuilder()
                    .setWrappedRoot(wrapping.wrap(key, context, root, random))
                    .setCommitment(ByteString.copyFrom(commitment(slotKey, context)))
                    .build();
        }
    }

    /** A slot that an earlier version made has no name, and nothing of one in its context. */
    private byte[] context(KeySlot slot) {
        ByteString label = slot.getLabelBytes();
        boolean named = !label.isEmpty() || slot.getSince() != 0;
        int nameBytes = named ? Long.BYTES + label.size() : 0;
        ByteBuffer context = ByteBuffer.allocate(
                        VaultId.BYTES + 4 * Integer.BYTES + slot.getSalt().size() + nameBytes)
                .put(vault.toBytes())
                .putInt(slot.getKind())
                .putInt(slot.getMemoryKib())
                .putInt(slot.getPasses())
                .putInt(slot.getLanes())
                .put(slot.getSalt().asReadOnlyByteBuffer());
        if (named) {
            context.putLong(slot.getSince()).put(label.asReadOnlyByteBuffer());
        }
        return context.array();
    }

    private static KeySlot.Builder named(int kind, SlotName name) {
        return KeySlot.newBuilder().setKind(kind).setLabel(name.label()).setSince(name.since());
    }

    private ByteString salt() {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return ByteString.copyFrom(salt);
    }

    private static byte[] commitment(SecretBytes key, byte[] context) {
        byte[] info = ByteBuffer.allocate(COMMIT.length + context.length)
                .put(COMMIT)
                .put(context)
                .array();
        return Hkdf.expandSha256(key.reveal(), info, KEY_BYTES);
    }

    private static SecretBytes argon2id(SecretBytes utf8, KeySlot slot) throws FaultException {
        SlotCost cost;
        try {
            cost = new SlotCost(slot.getMemoryKib(), slot.getPasses(), slot.getLanes());
        } catch (IllegalArgumentException e) {
            throw new FaultException(Fault.LIMIT, "the vault asks for " + e.getMessage() + ": it was changed", e);
        }
        Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
        argon2.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withSalt(requireSalt(slot))
                .withMemoryAsKB(cost.memoryKib())
                .withIterations(cost.passes())
                .withParallelism(cost.lanes())
                .build());
        byte[] key = new byte[KEY_BYTES];
        argon2.generateBytes(utf8.reveal(), key);
        return SecretBytes.of(key);
    }

    private static SecretBytes keyFileKey(SecretBytes content, KeySlot slot) throws FaultException {
        return SecretBytes.of(Hkdf.sha256(requireSalt(slot), content.reveal(), KEY_FILE_INFO, KEY_BYTES));
    }

    private static byte[] requireSalt(KeySlot slot) throws FaultException {
        if (slot.getSalt().size() != SALT_BYTES) {
            throw new FaultException(Fault.INTEGRITY, "a slot of the vault has a salt of a wrong length");
        }
        return slot.getSalt().toByteArray();
    }

    private static List<KeySlot> ofKind(List<KeySlot> slots, int kind, String what) throws FaultException {
        List<KeySlot> found =
                slots.stream().filter(slot -> slot.getKind() == kind).toList();
        if (found.isEmpty()) {
            throw new FaultException(Fault.WRONG_KEY, "this vault has no " + what + ": open it in another way");
        }
        return found;
    }

    private static boolean isCommitment(KeySlot slot, byte[] commitment) throws FaultException {
        if (slot.getCommitment().size() != commitment.length) {
            throw new FaultException(Fault.INTEGRITY, "a slot of the vault has a commitment of a wrong length");
        }
        return MessageDigest.isEqual(slot.getCommitment().toByteArray(), commitment);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
