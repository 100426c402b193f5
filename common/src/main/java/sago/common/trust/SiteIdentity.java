package sago.common.trust;

import com.google.protobuf.ByteString;
import sago.common.id.Hash;
import sago.common.id.SiteId;
import sago.common.sign.VerifyingKey;

/**
 * Public identity of a site.
 *
 * @param key the key that signs receipts
 * @param tlsSpki SHA-256 of the SubjectPublicKeyInfo of its TLS certificate
 * @param bytes the exact NodeIdentity bytes that the fingerprint covers
 */
public record SiteIdentity(SiteId site, VerifyingKey key, Hash tlsSpki, ByteString bytes) {
    /** SHA-256 over the exact bytes. */
    public Hash fingerprint() {
        return NodeIdentities.fingerprint(bytes);
    }
}
