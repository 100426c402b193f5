package sago.sender.node;

import com.google.protobuf.ByteString;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.id.VaultId;
import sago.common.pack.PackGeometry;
import sago.common.secret.SecretBytes;
import sago.common.sign.Hashes;
import sago.common.trust.SessionHeaderTerms;
import sago.common.trust.SessionHeaders;
import sago.common.trust.StubTerms;
import sago.sender.keys.Vault;
import sago.sender.pack.DatasetPacks;
import sago.sender.pack.PackSession;
import sago.sender.pack.SnapshotBodies;
import sago.sender.proto.SnapshotBody;
import sago.sender.seal.Aead;
import sago.sender.upload.RestoreClient;

/**
 * The packs of a dataset under an open vault: lengths from verified manifests, keys from session headers that those name. Headers are
 * fetched when they are needed, newest first, each proven by what it opens. Thread-safe; the vault is used under this object's lock only.
 */
final class UnlockedPacks implements DatasetPacks, AutoCloseable {
    private final Vault vault;
    private final DatasetId dataset;
    private final SiteChain chain;
    private final RestoreClient site;
    private final Set<Hash> unfetched = new LinkedHashSet<>();
    private final Map<Hash, ByteString> headers = new HashMap<>();
    private final Map<SessionId, ByteString> headersBySession = new HashMap<>();
    private final Map<SessionId, SecretBytes> keys = new HashMap<>();

    UnlockedPacks(Vault vault, DatasetId dataset, SiteChain chain, RestoreClient site) {
        this.vault = vault;
        this.dataset = dataset;
        this.chain = chain;
        this.site = site;
        for (int i = chain.links().size() - 1; i >= 0; i--) {
            unfetched.addAll(chain.links().get(i).stub().terms().sessionHeaders());
        }
    }

    @Override
    public VaultId vault() {
        return vault.id();
    }

    @Override
    public DatasetId dataset() {
        return dataset;
    }

    @Override
    public int length(PackId pack) throws FaultException {
        return Math.toIntExact(chain.pack(pack).length());
    }

    @Override
    public synchronized SecretBytes sessionKey(SessionId session) throws FaultException, InterruptedException {
        SecretBytes known = keys.get(session);
        if (known != null) {
            return known;
        }
        SecretBytes opened = vault.openSession(header(session));
        keys.put(session, opened);
        return opened;
    }

    /** What was sealed in the body of a manifest of the chain. */
    SnapshotBody body(SiteChain.Link link, Aead aead) throws FaultException, InterruptedException {
        StubTerms terms = link.stub().terms();
        ByteString sealed = link.stored().body();
        if (!Hashes.sha256(sealed).equals(terms.bodySha256())) {
            throw new FaultException(
                    Fault.INTEGRITY, "the site gave another body than was signed for snapshot " + link.name());
        }
        PackSession keys = new PackSession(
                terms.vault(), terms.dataset(), terms.session(), sessionKey(terms.session()), PackGeometry.DEFAULT);
        return SnapshotBodies.open(keys, terms.sequence(), sealed.toByteArray(), aead);
    }

    /** The newest header of the session whose first one has this hash. */
    ByteString header(Hash first) throws FaultException, InterruptedException {
        synchronized (this) {
            ByteString known = headers.get(first);
            if (known != null) {
                return known;
            }
        }
        ByteString header = site.session(first);
        SessionHeaderTerms terms = SessionHeaders.read(header);
        if (!terms.vault().equals(vault.id()) || !terms.dataset().equals(dataset)) {
            throw new FaultException(
                    Fault.INTEGRITY,
                    "session header " + first + " is of another dataset than the manifest that names it");
        }
        synchronized (this) {
            unfetched.remove(first);
            headers.put(first, header);
            headersBySession.put(terms.session(), header);
        }
        return header;
    }

    private ByteString header(SessionId session) throws FaultException, InterruptedException {
        ByteString found = headersBySession.get(session);
        while (found == null) {
            if (unfetched.isEmpty()) {
                throw new FaultException(Fault.INTEGRITY, "no signed manifest names the header of session " + session);
            }
            header(unfetched.iterator().next());
            found = headersBySession.get(session);
        }
        return found;
    }

    /** Overwrites the session keys. No reader may be in use. */
    @Override
    public synchronized void close() {
        keys.values().forEach(SecretBytes::close);
        keys.clear();
    }
}
