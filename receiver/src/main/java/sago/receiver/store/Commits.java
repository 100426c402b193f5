package sago.receiver.store;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.limits.Limits;
import sago.common.pack.PackEntry;
import sago.common.sign.Hashes;
import sago.common.trust.StubTerms;
import sago.common.trust.VerifiedStub;
import sago.receiver.journal.JournalPosition;
import sago.receiver.journal.RecordType;
import sago.receiver.proto.CommitRecord;

/**
 * COMMIT: compare and set of a dataset's head. The set of packs of a manifest is that of the one before, with what it adds, without what it
 * drops; it succeeds only if all of them are durable here. The manifest file is durable before the journal record. One commit at a time for
 * the whole site: they are rare, and each waits for the journal. Its monitor is the lock that keeps commits, expiry and sweeps apart.
 * Thread-safe by it.
 */
final class Commits {
    private final StoreContext context;
    private final ManifestFiles manifests;

    Commits(StoreContext context, ManifestFiles manifests) {
        this.context = context;
        this.manifests = manifests;
    }

    /** Waits until the commit is durable. Any outcome but Done has changed nothing. */
    synchronized CommitOutcome commit(VerifiedStub stub, ByteString envelope, ByteString body) throws FaultException {
        context.health().check();
        StubTerms terms = stub.terms();
        try {
            Optional<ManifestRow> same = context.state().manifest(terms.dataset(), terms.sequence());
            if (same.isPresent() && same.get().commit().manifest().equals(stub.manifestHash())) {
                return new CommitOutcome.Done(same.get().commit());
            }
            DatasetHead head = head(terms.dataset());
            if (terms.sequence() != head.sequence() + 1 || !terms.previous().equals(head.manifest())) {
                return new CommitOutcome.Conflict(head);
            }
            requireSound(terms, body);
            List<PackId> missing = missing(terms);
            if (!missing.isEmpty()) {
                return new CommitOutcome.Missing(missing);
            }
            return new CommitOutcome.Done(store(stub, envelope, body));
        } catch (IOException e) {
            FaultException fault = StoreFaults.of(e, "commit manifest " + terms.sequence() + " of " + terms.dataset());
            if (fault.fault() == Fault.DISK) {
                context.health().fail(fault);
            }
            throw fault;
        }
    }

    DatasetHead head(DatasetId dataset) throws IOException {
        return context.state()
                .newestManifest(dataset)
                .map(row ->
                        new DatasetHead(row.commit().sequence(), row.commit().manifest()))
                .orElse(DatasetHead.NONE);
    }

    private void requireSound(StubTerms terms, ByteString body) throws IOException {
        if (body.size() > Limits.MANIFEST_BODY_BYTES_MAX) {
            throw new FaultException(Fault.LIMIT, "manifest body of " + body.size() + " bytes");
        }
        if (!Hashes.sha256(body).equals(terms.bodySha256())) {
            throw new FaultException(Fault.INTEGRITY, "the manifest's body is not the one that its stub names");
        }
        if (context.state().hasDamagedManifest(terms.dataset())) {
            throw new FaultException(
                    Fault.INTEGRITY,
                    "the site cannot read an earlier manifest of this dataset and takes no more commits for it: its log"
                            + " names the file");
        }
        for (Hash header : terms.sessionHeaders()) {
            Optional<SessionRow> known = context.state().sessionOfHeader(header);
            if (known.isEmpty() || !known.get().opened().dataset().equals(terms.dataset())) {
                throw StoreFaults.protocol("the manifest names session header " + header + ", which is not here");
            }
        }
        Set<PackId> dropped = new HashSet<>();
        terms.dropped().forEach(dropped::add);
        for (PackEntry added : terms.added()) {
            if (dropped.contains(added.id())) {
                throw StoreFaults.protocol("the manifest adds and drops pack " + added.id());
            }
        }
        for (PackId id : dropped) {
            Optional<PackRow> pack = context.state().pack(id);
            if (pack.isEmpty()
                    || !pack.get().dataset().equals(terms.dataset())
                    || !pack.get().names().isMember()) {
                throw StoreFaults.protocol("the manifest drops pack " + id + ", which the one before does not name");
            }
        }
    }

    /** Packs of the resulting set that are not durable here as the stub says, at most one message full. */
    private List<PackId> missing(StubTerms terms) throws IOException {
        List<PackId> missing = new ArrayList<>();
        for (PackEntry added : terms.added()) {
            Optional<PackRow> pack = context.state().pack(added.id());
            boolean here = pack.isPresent()
                    && !pack.get().lost()
                    && pack.get().entry().equals(added)
                    && pack.get().dataset().equals(terms.dataset());
            if (!here) {
                missing.add(added.id());
            }
            if (missing.size() == Limits.IDS_PER_MESSAGE_MAX) {
                return missing;
            }
        }
        Set<PackId> dropped = new HashSet<>();
        terms.dropped().forEach(dropped::add);
        for (PackRow lost : context.state().lostMembers(terms.dataset(), Limits.IDS_PER_MESSAGE_MAX)) {
            PackId id = lost.entry().id();
            if (!dropped.contains(id) && !missing.contains(id) && missing.size() < Limits.IDS_PER_MESSAGE_MAX) {
                missing.add(id);
            }
        }
        return missing;
    }

    private CommittedManifest store(VerifiedStub stub, ByteString envelope, ByteString body) throws IOException {
        StubTerms terms = stub.terms();
        Hash fileSha256 = manifests.write(terms.dataset(), terms.sequence(), envelope, body);
        long timeMs = context.clock().wallMs();
        CommitRecord record = CommitRecord.newBuilder()
                .setVault(ByteString.copyFrom(terms.vault().toBytes()))
                .setDataset(ByteString.copyFrom(terms.dataset().toBytes()))
                .setSequence(terms.sequence())
                .setManifest(ByteString.copyFrom(stub.manifestHash().toBytes()))
                .setPrevious(ByteString.copyFrom(terms.previous().toBytes()))
                .setFileSha256(ByteString.copyFrom(fileSha256.toBytes()))
                .setTimeMs(timeMs)
                .build();
        JournalPosition position = await(context.journal().append(RecordType.COMMIT, record.toByteString()));
        return new CommittedManifest(
                terms.vault(), terms.dataset(), terms.sequence(), stub.manifestHash(), position, timeMs, false);
    }

    /** Waits for a record to be durable. */
    static JournalPosition await(CompletableFuture<JournalPosition> appended) throws IOException {
        try {
            return appended.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw e;
        }
    }
}
