package sago.receiver.serve;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.limits.Limits;
import sago.common.proto.FetchKeyring;
import sago.common.proto.FetchManifest;
import sago.common.proto.FetchSession;
import sago.common.proto.KeyringFound;
import sago.common.proto.ListManifests;
import sago.common.proto.ManifestFound;
import sago.common.proto.ManifestHead;
import sago.common.proto.Manifests;
import sago.common.proto.SessionFound;
import sago.receiver.acknowledge.ReceiptSigner;
import sago.receiver.store.CommittedManifest;
import sago.receiver.store.SiteStore;
import sago.receiver.store.StoredManifest;
import sago.receiver.store.StoredSession;

/** Answers about manifests, session headers and keyrings. Runs on store threads; thread-safe. */
public final class CatalogDesk {
    private final SiteStore store;
    private final ReceiptSigner receipts;

    public CatalogDesk(SiteStore store, ReceiptSigner receipts) {
        this.store = store;
        this.receipts = receipts;
    }

    /** One page of heads, ascending: of a dataset, or of all that the client may see. */
    public void list(ListManifests request, Scope scope, Client client) throws IOException {
        int max = Math.max(1, Math.min(request.getMax(), Limits.MANIFEST_HEADS_MAX));
        List<CommittedManifest> found;
        if (request.getDataset().isEmpty()) {
            found = listAll(request, scope, max + 1);
        } else {
            DatasetId dataset = DatasetId.of(exactly(request.getDataset(), DatasetId.BYTES, "dataset id"));
            scope.require(dataset);
            found = store.manifests(dataset, request.getFromSequence(), max + 1);
        }
        Manifests.Builder page = Manifests.newBuilder().setMore(found.size() > max);
        for (CommittedManifest commit : found.subList(0, Math.min(max, found.size()))) {
            page.addHeads(ManifestHead.newBuilder()
                    .setDataset(ByteString.copyFrom(commit.dataset().toBytes()))
                    .setSequence(commit.sequence())
                    .setHash(ByteString.copyFrom(commit.manifest().toBytes()))
                    .setExpired(commit.expired())
                    .setTimeMs(commit.timeMs()));
        }
        client.send(page.build());
    }

    private List<CommittedManifest> listAll(ListManifests request, Scope scope, int max) throws IOException {
        DatasetId first = new DatasetId(0, 0);
        long from = 0;
        if (!request.getAfterDataset().isEmpty()) {
            first = DatasetId.of(exactly(request.getAfterDataset(), DatasetId.BYTES, "dataset id"));
            from = request.getAfterSequence() + 1;
            if (from <= 0) {
                throw new FaultException(Fault.PROTOCOL, "there is no sequence " + request.getAfterSequence());
            }
        }
        if (scope.isAll()) {
            return store.manifestsFrom(first, from, max);
        }
        List<CommittedManifest> found = new ArrayList<>();
        for (DatasetId dataset : scope.from(first)) {
            found.addAll(store.manifests(dataset, dataset.equals(first) ? from : 0, max - found.size()));
            if (found.size() == max) {
                return found;
            }
        }
        return found;
    }

    public void fetch(FetchManifest request, Scope scope, Client client) throws IOException {
        DatasetId dataset = DatasetId.of(exactly(request.getDataset(), DatasetId.BYTES, "dataset id"));
        scope.require(dataset);
        StoredManifest manifest = store.manifest(dataset, request.getSequence());
        ManifestFound.Builder found =
                ManifestFound.newBuilder().setStub(manifest.stub()).setBody(manifest.body());
        if (!manifest.commit().expired()) {
            // A receipt says that all packs of the set are durable here, which is no longer promised.
            found.setReceipt(receipts.sign(manifest.commit()));
        }
        client.send(found.build());
    }

    public void fetch(FetchSession request, Scope scope, Client client) throws IOException {
        Hash hash = Hash.of(exactly(request.getHeaderSha256(), Hash.BYTES, "hash"));
        StoredSession session = store.sessionOfHeader(hash).orElseThrow(() -> noHeader(hash));
        scope.require(session.dataset());
        ByteString header = store.sessionHeader(hash).orElseThrow(() -> noHeader(hash));
        client.send(SessionFound.newBuilder().setSessionHeader(header).build());
    }

    private static FaultException noHeader(Hash hash) {
        return new FaultException(Fault.NOT_FOUND, "no session header " + hash + " is here");
    }

    public void fetch(FetchKeyring request, Client client) throws IOException {
        ByteString keyring = store.keyring(request.getCounter())
                .orElseThrow(() -> new FaultException(Fault.NOT_FOUND, "this keyring is not here"));
        client.send(KeyringFound.newBuilder().setKeyring(keyring).build());
    }

    static byte[] exactly(ByteString bytes, int length, String what) throws FaultException {
        if (bytes.size() != length) {
            throw new FaultException(Fault.PROTOCOL, what + " of " + bytes.size() + " bytes");
        }
        return bytes.toByteArray();
    }
}
