package sago.common.trust;

import com.google.protobuf.ByteString;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SessionId;
import sago.common.id.VaultId;

/**
 * A sealed session key and what it belongs to.
 *
 * @param enc HPKE encapsulation, 1120 bytes
 * @param sealedKey the session key and its tag, 48 bytes
 * @param replaces of a re-sealed header, SHA-256 of the first header of its session, which manifests name; zeros for a first header
 */
public record SessionHeaderTerms(
        VaultId vault,
        DatasetId dataset,
        int keyEpoch,
        SessionId session,
        ByteString enc,
        ByteString sealedKey,
        Hash replaces) {
    public static final int ENC_BYTES = 1120;
    public static final int SEALED_KEY_BYTES = 48;

    public SessionHeaderTerms {
        Terms.require(keyEpoch > 0, "key epoch");
        Terms.require(enc.size() == ENC_BYTES, "length of the encapsulation");
        Terms.require(sealedKey.size() == SEALED_KEY_BYTES, "length of the sealed key");
    }
}
