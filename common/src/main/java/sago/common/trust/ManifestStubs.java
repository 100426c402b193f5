package sago.common.trust;

import com.google.protobuf.ByteString;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SessionId;
import sago.common.id.VaultId;
import sago.common.proto.ManifestStub;
import sago.common.sign.Envelopes;
import sago.common.sign.Hashes;
import sago.common.sign.SignedType;
import sago.common.sign.SignerRole;
import sago.common.sign.SigningKey;
import sago.common.sign.VerifyingKey;

/** Signing and verifying manifest stubs. Stateless; any thread. */
public final class ManifestStubs {
    private ManifestStubs() {}

    public static ByteString sign(SigningKey sender, StubTerms terms) {
        ManifestStub.Builder stub = ManifestStub.newBuilder()
                .setFormat(Terms.FORMAT)
                .setVault(Terms.bytes(terms.vault().toBytes()))
                .setDataset(Terms.bytes(terms.dataset().toBytes()))
                .setSequence(terms.sequence())
                .setPrevious(Terms.bytes(terms.previous()))
                .setSession(Terms.bytes(terms.session().toBytes()))
                .setPacksAdded(terms.added().rows())
                .setPacksDropped(terms.dropped().rows())
                .setKeyringCounter(terms.keyringCounter())
                .setBodySha256(Terms.bytes(terms.bodySha256()));
        terms.sessionHeaders().forEach(hash -> stub.addSessionHeaders(Terms.bytes(hash)));
        return sender.sign(SignerRole.SENDER, SignedType.MANIFEST_STUB, stub.build());
    }

    /** Signed by the dataset's sender, for this vault and dataset. */
    public static VerifiedStub verify(ByteString envelope, VerifyingKey sender, VaultId vault, DatasetId dataset)
            throws FaultException {
        ByteString payload = sender.verify(envelope, SignerRole.SENDER, SignedType.MANIFEST_STUB);
        StubTerms terms = read(payload);
        Terms.demand(
                terms.vault().equals(vault) && terms.dataset().equals(dataset),
                "the manifest is of another vault or dataset");
        return new VerifiedStub(terms, Hashes.sha256(payload));
    }

    /** The manifest hash of a stub whose signatures are NOT checked here: for stubs that were verified before they were stored. */
    public static Hash hash(ByteString envelope) throws FaultException {
        return Envelopes.payloadHash(envelope, SignedType.MANIFEST_STUB);
    }

    /** The terms of a stub whose signatures are NOT checked here: for stubs that were verified before they were stored. */
    public static VerifiedStub readStored(ByteString envelope) throws FaultException {
        ByteString payload = Envelopes.unverifiedPayload(envelope, SignedType.MANIFEST_STUB);
        return new VerifiedStub(read(payload), Hashes.sha256(payload));
    }

    private static StubTerms read(ByteString payload) throws FaultException {
        return Terms.read("manifest stub", payload, ManifestStub.parser(), stub -> {
            Terms.checkFormat("manifest stub", stub.getFormat());
            return new StubTerms(
                    VaultId.of(stub.getVault().toByteArray()),
                    DatasetId.of(stub.getDataset().toByteArray()),
                    stub.getSequence(),
                    Terms.hash(stub.getPrevious()),
                    SessionId.of(stub.getSession().toByteArray()),
                    new PackTable(stub.getPacksAdded()),
                    new PackIds(stub.getPacksDropped()),
                    stub.getSessionHeadersList().stream().map(Terms::hash).toList(),
                    stub.getKeyringCounter(),
                    Terms.hash(stub.getBodySha256()));
        });
    }
}
