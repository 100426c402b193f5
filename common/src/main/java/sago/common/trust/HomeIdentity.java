package sago.common.trust;

import com.google.protobuf.ByteString;
import sago.common.id.Hash;
import sago.common.id.VaultId;
import sago.common.sign.VerifyingKey;

/**
 * Public identity of a home.
 *
 * @param order the key that signs grants and keyrings
 * @param bytes the exact NodeIdentity bytes that the fingerprint covers
 */
public record HomeIdentity(VaultId vault, VerifyingKey order, ByteString bytes) {
    /** SHA-256 over the exact bytes. */
    public Hash fingerprint() {
        return NodeIdentities.fingerprint(bytes);
    }
}
