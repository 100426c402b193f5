package sago.common.trust;

import com.google.protobuf.ByteString;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SessionId;
import sago.common.id.SiteId;
import sago.common.id.VaultId;
import sago.common.pack.PackGeometry;

/**
 * What a sender signs to open a session at one site over one connection.
 *
 * @param site the site that the signature is for, so that it cannot be shown to another one
 * @param siteNonce 32 bytes from WELCOME of this connection, so that it cannot be shown twice
 * @param headerSha256 SHA-256 of the exact bytes of the session header
 * @param grantSequence sequence of the dataset grant under which it is opened
 * @param geometry sizes of the session's packs
 */
public record SessionTerms(
        VaultId vault,
        DatasetId dataset,
        SessionId session,
        SiteId site,
        ByteString siteNonce,
        Hash headerSha256,
        long grantSequence,
        PackGeometry geometry) {
    public static final int NONCE_BYTES = 32;

    public SessionTerms {
        Terms.require(siteNonce.size() == NONCE_BYTES, "length of the nonce");
        Terms.require(grantSequence > 0, "grant sequence");
    }
}
