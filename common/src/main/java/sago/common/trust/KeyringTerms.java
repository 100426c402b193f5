package sago.common.trust;

import com.google.protobuf.ByteString;
import sago.common.id.Hash;
import sago.common.id.VaultId;
import sago.common.limits.Limits;

/**
 * What recovery needs besides packs and manifests, sealed to the kit.
 *
 * @param kitVersion version of the kit that opens it, from 1
 * @param counter 1 for the first keyring of a vault, then one more each time
 * @param previous SHA-256 of the payload of the keyring before, zeros for the first
 * @param sealed HPKE encapsulation of 1120 bytes, then ciphertext
 * @param anchor HMAC-SHA-256 under the kit's anchor key over vault, kit version and home identity: tells, to whoever holds the kit, a
 *     true keyring from one that a site made up
 * @param home identity of home
 */
public record KeyringTerms(
        VaultId vault, int kitVersion, long counter, Hash previous, ByteString sealed, Hash anchor, HomeIdentity home) {
    static final int SEALED_OVERHEAD_BYTES = SessionHeaderTerms.ENC_BYTES + 16;

    public KeyringTerms {
        Terms.require(kitVersion > 0, "kit version");
        Terms.require(counter > 0, "counter");
        Terms.require((counter == 1) == previous.equals(Hash.ZERO), "only the first keyring has none before it");
        Terms.require(
                sealed.size() > SEALED_OVERHEAD_BYTES && sealed.size() <= Limits.KEYRING_BYTES_MAX,
                "length of the sealed content");
        Terms.require(home.vault().equals(vault), "home is of another vault");
    }
}
