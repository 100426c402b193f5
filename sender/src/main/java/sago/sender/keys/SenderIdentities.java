package sago.sender.keys;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.net.TlsIdentity;
import sago.common.protocol.ClientRole;
import sago.common.secret.SecretBytes;
import sago.common.sign.SigningKey;
import sago.common.trust.ClientGrants;
import sago.common.trust.ClientTerms;
import sago.common.trust.HomeIdentity;
import sago.sender.proto.SenderIdentity;

/** Making and reading {@code sender/identity.pb}. Stateless. */
final class SenderIdentities {
    private SenderIdentities() {}

    /** The identity of the sender, or nothing if there is no sender here. */
    static Optional<SenderIdentity> read(HomeContext context) throws IOException {
        Path path = context.identityFile();
        Optional<SenderIdentity> identity =
                new RecordFiles(context.files()).read(path, RecordKind.IDENTITY, SenderIdentity.parser());
        if (identity.isPresent()) {
            RecordFiles.checkFormat(path, identity.get().getFormat());
        }
        return identity;
    }

    /**
     * A fresh sender, with a grant for role audit.
     *
     * @param name empty for home's own
     * @param auditOf the only datasets that it may audit; empty: all
     */
    static SenderIdentity create(HomeContext context, String name, Set<DatasetId> auditOf, GrantIssuer issuer) {
        TlsIdentity tls = TlsIdentity.generate("sago sender", context.random(), context.clock());
        try (SigningKey key = SigningKey.generate(context.random())) {
            return SenderIdentity.newBuilder()
                    .setFormat(1)
                    .setVault(ByteString.copyFrom(issuer.home().vault().toBytes()))
                    .setHomeIdentity(issuer.home().bytes())
                    .setTlsKey(ByteString.copyFrom(tls.pkcs8()))
                    .setTlsCertificate(ByteString.copyFrom(tls.certificateDer()))
                    .setSenderEd25519(ByteString.copyFrom(key.ed25519Seed().reveal()))
                    .setSenderMlDsa65(ByteString.copyFrom(key.mlDsa65Seed().reveal()))
                    .setAuditGrant(issuer.audit(tls.spki(), auditOf))
                    .setName(name)
                    .build();
        }
    }

    /** What grants for this sender name. */
    static Grantee grantee(SenderIdentity identity, Path path) throws FaultException {
        try (SigningKey key = signingKey(identity, path)) {
            return new Grantee(key.verifyingKey(), tls(identity).spki());
        }
    }

    /** The sender's signing key; INTEGRITY if the seeds are damaged. The caller closes it. */
    static SigningKey signingKey(SenderIdentity identity, Path path) throws FaultException {
        if (identity.getSenderEd25519().size() != SigningKey.SEED_BYTES
                || identity.getSenderMlDsa65().size() != SigningKey.SEED_BYTES) {
            throw RecordFiles.damaged(path, "a signing key has a wrong length");
        }
        return SigningKey.ofSeeds(
                SecretBytes.of(identity.getSenderEd25519().toByteArray()),
                SecretBytes.of(identity.getSenderMlDsa65().toByteArray()));
    }

    /** Its audit grant; PEER_REFUSED or INTEGRITY if that is not home's or not for it. */
    static ClientTerms auditTerms(SenderIdentity identity, HomeIdentity home, HomeContext context)
            throws FaultException {
        ClientTerms terms = ClientGrants.verify(identity.getAuditGrant(), home, context.nowSeconds());
        if (!terms.tlsSpki().equals(tls(identity).spki()) || !terms.roles().contains(ClientRole.AUDIT.wireId())) {
            throw RecordFiles.damaged(context.identityFile(), "its audit grant is not for this sender");
        }
        return terms;
    }

    /** The same sender with a new certificate for its TLS key, if the one that it has ends soon. */
    static Optional<SenderIdentity> renewed(HomeContext context, SenderIdentity identity) throws FaultException {
        TlsIdentity tls = tls(identity);
        if (!tls.endsSoon(context.clock())) {
            return Optional.empty();
        }
        byte[] certificate = tls.renewed(context.random(), context.clock()).certificateDer();
        return Optional.of(identity.toBuilder()
                .setTlsCertificate(ByteString.copyFrom(certificate))
                .build());
    }

    static TlsIdentity tls(SenderIdentity identity) throws FaultException {
        return TlsIdentity.of(
                identity.getTlsKey().toByteArray(), identity.getTlsCertificate().toByteArray());
    }
}
