package sago.common.trust;

import com.google.protobuf.ByteString;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SessionId;
import sago.common.id.SiteId;
import sago.common.id.VaultId;
import sago.common.pack.PackGeometry;
import sago.common.proto.SessionOpen;
import sago.common.sign.Hashes;
import sago.common.sign.SignedType;
import sago.common.sign.SignerRole;
import sago.common.sign.SigningKey;

/** Signing and verifying session opens. Stateless; any thread. */
public final class SessionOpens {
    private SessionOpens() {}

    public static ByteString sign(SigningKey sender, SessionTerms terms) {
        SessionOpen open = SessionOpen.newBuilder()
                .setFormat(Terms.FORMAT)
                .setVault(Terms.bytes(terms.vault().toBytes()))
                .setDataset(Terms.bytes(terms.dataset().toBytes()))
                .setSession(Terms.bytes(terms.session().toBytes()))
                .setSite(Terms.bytes(terms.site().toBytes()))
                .setSiteNonce(terms.siteNonce())
                .setSessionHeaderSha256(Terms.bytes(terms.headerSha256()))
                .setGrantSequence(terms.grantSequence())
                .setSegmentBytes(terms.geometry().segmentBytes())
                .setPackBytes(terms.geometry().packBytes())
                .build();
        return sender.sign(SignerRole.SENDER, SignedType.SESSION_OPEN, open);
    }

    /**
     * At a site: signed by the grant's sender for this site, this connection and this header, which itself is for the grant's dataset
     * and key epoch.
     *
     * @param grant the dataset grant of the connection, verified before
     * @param nonce what this site sent in WELCOME of this connection
     * @param header exact bytes of the session header that came with it
     */
    public static SessionTerms verifyAtSite(
            ByteString envelope, DatasetTerms grant, SiteId self, ByteString nonce, ByteString header)
            throws FaultException {
        SessionTerms terms = read(grant.sender().verify(envelope, SignerRole.SENDER, SignedType.SESSION_OPEN));
        Terms.demand(terms.site().equals(self), "the session open is meant for another site");
        Terms.demand(terms.siteNonce().equals(nonce), "the session open is of another connection");
        Terms.demand(
                terms.vault().equals(grant.vault())
                        && terms.dataset().equals(grant.dataset())
                        && terms.grantSequence() == grant.sequence(),
                "the session open is of another grant than the connection");
        Terms.demand(
                terms.headerSha256().equals(Hashes.sha256(header)),
                "the session header is not the one that was signed");
        SessionHeaderTerms sealed = SessionHeaders.read(header);
        Terms.demand(
                sealed.vault().equals(terms.vault())
                        && sealed.dataset().equals(terms.dataset())
                        && sealed.session().equals(terms.session())
                        && sealed.keyEpoch() == grant.keyEpoch()
                        && sealed.replaces().equals(Hash.ZERO),
                "the session header is of another session, dataset or key epoch, or replaces one");
        return terms;
    }

    private static SessionTerms read(ByteString payload) throws FaultException {
        return Terms.read("session open", payload, SessionOpen.parser(), open -> {
            Terms.checkFormat("session open", open.getFormat());
            return new SessionTerms(
                    VaultId.of(open.getVault().toByteArray()),
                    DatasetId.of(open.getDataset().toByteArray()),
                    SessionId.of(open.getSession().toByteArray()),
                    SiteId.of(open.getSite().toByteArray()),
                    open.getSiteNonce(),
                    Terms.hash(open.getSessionHeaderSha256()),
                    open.getGrantSequence(),
                    new PackGeometry(open.getSegmentBytes(), open.getPackBytes()));
        });
    }
}
