package sago.sender.node;

import com.google.protobuf.ByteString;
import java.util.ArrayDeque;
import java.util.Deque;
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
import sago.common.secret.SecretBytes;
import sago.common.trust.SessionHeaders;
import sago.sender.keys.Vault;
import sago.sender.pack.DatasetPacks;
import sago.sender.upload.RestoreClient;

/**
 * The packs of a dataset under an open vault: lengths from verified manifests, keys from session headers that those name. Headers are
 * fetched when they are needed, newest first. Thread-safe; the vault is used under this object's lock only.
 */
final class UnlockedPacks implements DatasetPacks, AutoCloseable {
    private final Vault vault;
    private final DatasetId dataset;
    private final SiteChain chain;
    private final RestoreClient site;
    private final Deque<Hash> unfetched = new ArrayDeque<>();
    private final Map<SessionId, ByteString> headers = new HashMap<>();
    private final Map<SessionId, SecretBytes> keys = new HashMap<>();

    UnlockedPacks(Vault vault, DatasetId dataset, SiteChain chain, RestoreClient site) {
        this.vault = vault;
        this.dataset = dataset;
        this.chain = chain;
        this.site = site;
        Set<Hash> newestLast = new LinkedHashSet<>();
        chain.links().forEach(link -> newestLast.addAll(link.stub().terms().sessionHeaders()));
        newestLast.forEach(unfetched::addFirst);
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

    private ByteString header(SessionId session) throws FaultException, InterruptedException {
        ByteString found = headers.get(session);
        while (found == null) {
            Hash next = unfetched.pollFirst();
            if (next == null) {
                throw new FaultException(Fault.INTEGRITY, "no signed manifest names the header of session " + session);
            }
            ByteString header = site.session(next);
            headers.put(SessionHeaders.read(header).session(), header);
            found = headers.get(session);
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
