package sago.sender.keys;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.id.VaultId;
import sago.common.secret.Hkdf;
import sago.common.secret.SecretBytes;
import sago.common.sign.Hashes;
import sago.common.sign.UnknownFields;
import sago.sender.proto.KeyringContent;
import sago.sender.proto.VaultFile;
import sago.sender.seal.KemKeyPair;

/**
 * Reading and writing {@code vault/vault.pb}. The public fields are the associated data under which the secrets are wrapped, so that nobody
 * without the root key can, for example, put another kit's public key there and be sealed the next keyring.
 */
final class VaultFiles {
    private static final byte[] CONTENT_KEY = "sago/v1/vault/content".getBytes(StandardCharsets.US_ASCII);

    private final HomeContext context;
    private final RecordFiles records;
    private final Wrapping wrapping;

    VaultFiles(HomeContext context) {
        this.context = context;
        this.records = new RecordFiles(context.files());
        this.wrapping = new Wrapping(context.aead());
    }

    /** The public part of the vault; NO_VAULT if there is none. */
    VaultFile read() throws IOException {
        VaultFile file = records.read(context.vaultFile(), RecordKind.VAULT, VaultFile.parser())
                .orElseThrow(() -> new FaultException(
                        Fault.NO_VAULT,
                        "no vault at " + context.folder() + ": run `sago init --home " + context.folder()
                                + "`, or work where the vault is"));
        RecordFiles.checkFormat(context.vaultFile(), file.getFormat());
        if (file.getVault().size() != VaultId.BYTES
                || file.getKitPublicKey().size() != KemKeyPair.PUBLIC_KEY_BYTES
                || file.getKitTlsSpki().size() != Hash.BYTES
                || file.getKeyringSha256().size() != Hash.BYTES
                || file.getAnchor().size() != Hash.BYTES
                || file.getKitVersion() < 1
                || file.getKeyringCounter() < 1
                || file.getGrantSequence() < 1) {
            throw RecordFiles.damaged(context.vaultFile(), "a field has a wrong length or value");
        }
        return file;
    }

    /** The secrets; INTEGRITY if anything in the file was changed. Borrows the root key. */
    KeyringContent open(VaultFile file, SecretBytes root) throws FaultException {
        try (SecretBytes key = contentKey(root);
                SecretBytes plain = wrapping.unwrap(key, associatedData(file), file.getWrappedSecrets())) {
            KeyringContent content = KeyringContent.parseFrom(plain.reveal());
            UnknownFields.refuse(content);
            RecordFiles.checkFormat(context.vaultFile(), content.getFormat());
            return content;
        } catch (InvalidProtocolBufferException e) {
            throw RecordFiles.damaged(context.vaultFile(), "its secrets cannot be parsed");
        } catch (FaultException e) {
            throw e.fault() == Fault.INTEGRITY
                    ? RecordFiles.damaged(context.vaultFile(), "it is not what was written with this root key")
                    : e;
        }
    }

    /** Wraps the secrets and replaces the file; the result is what was written. Borrows the root key. */
    VaultFile write(VaultFile.Builder file, KeyringContent content, SecretBytes root) throws IOException {
        VaultFile unwrapped = file.clearWrappedSecrets().build();
        try (SecretBytes key = contentKey(root);
                SecretBytes plain = SecretBytes.of(content.toByteArray())) {
            VaultFile written = unwrapped.toBuilder()
                    .setWrappedSecrets(wrapping.wrap(key, associatedData(unwrapped), plain, context.random()))
                    .build();
            records.write(context.vaultFile(), RecordKind.VAULT, written.toByteString());
            return written;
        }
    }

    private static SecretBytes contentKey(SecretBytes root) {
        return SecretBytes.of(Hkdf.expandSha256(root.reveal(), CONTENT_KEY, Slots.KEY_BYTES));
    }

    /**
     * Fixed lengths: vault 16, kit version 4, keyring counter 8, grant sequence 8, kit TLS key 32, keyring hash 32, anchor 32, then SHA-256 of
     * home identity, kit public key and keyring.
     */
    private static byte[] associatedData(VaultFile file) {
        ByteBuffer data = ByteBuffer.allocate(VaultId.BYTES + Integer.BYTES + 2 * Long.BYTES + 6 * Hash.BYTES);
        data.put(file.getVault().asReadOnlyByteBuffer())
                .putInt(file.getKitVersion())
                .putLong(file.getKeyringCounter())
                .putLong(file.getGrantSequence())
                .put(file.getKitTlsSpki().asReadOnlyByteBuffer())
                .put(file.getKeyringSha256().asReadOnlyByteBuffer())
                .put(file.getAnchor().asReadOnlyByteBuffer());
        for (ByteString part : new ByteString[] {file.getHomeIdentity(), file.getKitPublicKey(), file.getKeyring()}) {
            Hashes.sha256(part).write(data);
        }
        return data.array();
    }
}
