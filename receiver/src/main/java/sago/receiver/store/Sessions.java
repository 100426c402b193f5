package sago.receiver.store;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.trust.SessionTerms;
import sago.receiver.journal.RecordType;
import sago.receiver.proto.GrantRecord;
import sago.receiver.proto.SessionRecord;

/**
 * Sessions with their headers, and the grants under which they may be opened: the highest that was ever shown for a dataset is the floor.
 * One at a time for the whole site, so that no session is opened under a grant, or sealed to an epoch of the dataset's key, that another
 * thread is just about to end. Thread-safe by its monitor.
 */
final class Sessions {
    private final StoreContext context;
    private final HeaderFiles headers;

    Sessions(StoreContext context, HeaderFiles headers) {
        this.context = context;
        this.headers = headers;
    }

    /** Makes a session durable, header first; waits. */
    synchronized OpenedSession open(SessionTerms terms, int keyEpoch, ByteString header, ByteString grant)
            throws IOException {
        requireNewest(terms.dataset(), terms.grantSequence());
        OpenedSession opened = new OpenedSession(
                terms.vault(), terms.dataset(), terms.session(), terms.geometry(), terms.headerSha256());
        Optional<OpenedSession> known = context.state().session(terms.session()).map(SessionRow::opened);
        if (known.isPresent()) {
            if (!known.get().equals(opened)) {
                throw StoreFaults.protocol("session " + terms.session() + " was opened before with another header");
            }
            return opened;
        }
        int retiredBelow = context.state().retiredBelow(terms.dataset());
        if (keyEpoch < retiredBelow) {
            throw new FaultException(
                    Fault.PEER_REFUSED,
                    "key epoch " + keyEpoch + " of this dataset was retired here, the oldest is now " + retiredBelow
                            + ": use the newest grant");
        }
        context.health().check();
        headers.write(terms.dataset(), Map.of(new HeaderFiles.Name(terms.headerSha256(), keyEpoch), header));
        SessionRecord record = SessionRecord.newBuilder()
                .setVault(ByteString.copyFrom(terms.vault().toBytes()))
                .setDataset(ByteString.copyFrom(terms.dataset().toBytes()))
                .setSession(ByteString.copyFrom(terms.session().toBytes()))
                .setHeaderSha256(ByteString.copyFrom(terms.headerSha256().toBytes()))
                .setGrant(grant)
                .setGrantSequence(terms.grantSequence())
                .setSegmentBytes(terms.geometry().segmentBytes())
                .setPackBytes(terms.geometry().packBytes())
                .setKeyEpoch(keyEpoch)
                .build();
        Commits.await(context.journal().append(RecordType.SESSION, record.toByteString()));
        return opened;
    }

    /** Makes a grant the floor of its dataset, if it is higher than the one before; waits. PEER_REFUSED where it is lower. */
    synchronized void show(DatasetId dataset, long sequence, ByteString grant) throws IOException {
        requireNewest(dataset, sequence);
        if (sequence == context.state().grantSequence(dataset)) {
            return;
        }
        context.health().check();
        GrantRecord record = GrantRecord.newBuilder()
                .setDataset(ByteString.copyFrom(dataset.toBytes()))
                .setSequence(sequence)
                .setGrant(grant)
                .build();
        Commits.await(context.journal().append(RecordType.GRANT, record.toByteString()));
    }

    void requireNewest(DatasetId dataset, long sequence) throws IOException {
        long highest = context.state().grantSequence(dataset);
        if (sequence < highest) {
            throw new FaultException(
                    Fault.PEER_REFUSED,
                    "the dataset grant " + sequence + " was replaced by " + highest + "; use the newest");
        }
    }

    /** The newest header of the session whose first header has this hash. */
    Optional<ByteString> header(Hash first) throws IOException {
        Optional<SessionRow> session = context.state().sessionOfHeader(first);
        return session.isEmpty() ? Optional.empty() : Optional.of(headers.read(session.get()));
    }

    /** Sessions of a dataset whose newest header is of an epoch below this one, by the hash of the first. */
    List<StoredSession> below(DatasetId dataset, int keyEpoch, Optional<Hash> after, int max) throws IOException {
        return context.state().sessionsBelow(dataset, keyEpoch, after, max).stream()
                .map(Sessions::stored)
                .toList();
    }

    static StoredSession stored(SessionRow row) {
        OpenedSession opened = row.opened();
        return new StoredSession(opened.session(), opened.dataset(), opened.headerSha256(), row.keyEpoch());
    }
}
