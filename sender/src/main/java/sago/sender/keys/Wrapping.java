package sago.sender.keys;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.secret.SecretBytes;
import sago.sender.seal.Aead;
import sago.sender.seal.AeadProvider;

/**
 * Small secrets under a key: IV 12, ciphertext, tag 16, by AES-256-GCM. The IV is random: a key wraps a new content only when the vault
 * changes, which stays far below the 2^32 messages that random IVs allow. Immutable; any thread.
 */
final class Wrapping {
    private final AeadProvider provider;

    Wrapping(AeadProvider provider) {
        this.provider = provider;
    }

    /** Borrows key and secret. */
    ByteString wrap(SecretBytes key, byte[] aad, SecretBytes secret, SecureRandom random) {
        byte[] iv = new byte[Aead.IV_BYTES];
        random.nextBytes(iv);
        ByteBuffer target = ByteBuffer.allocate(secret.length() + Aead.TAG_BYTES);
        Aead aead = provider.aead();
        aead.key(key);
        aead.seal(iv, aad, ByteBuffer.wrap(secret.reveal()), target);
        return ByteString.copyFrom(iv).concat(ByteString.copyFrom(target.flip()));
    }

    /** INTEGRITY if these are not the bytes that were wrapped under this key. Borrows the key; the caller owns the result. */
    SecretBytes unwrap(SecretBytes key, byte[] aad, ByteString wrapped) throws FaultException {
        int length = wrapped.size() - Aead.IV_BYTES - Aead.TAG_BYTES;
        if (length < 0) {
            throw new FaultException(Fault.INTEGRITY, "wrapped keys are cut short");
        }
        byte[] plain = new byte[length];
        Aead aead = provider.aead();
        aead.key(key);
        byte[] iv = wrapped.substring(0, Aead.IV_BYTES).toByteArray();
        ByteBuffer sealed = ByteBuffer.wrap(wrapped.substring(Aead.IV_BYTES).toByteArray());
        aead.open(iv, aad, sealed, ByteBuffer.wrap(plain));
        return SecretBytes.of(plain);
    }
}
