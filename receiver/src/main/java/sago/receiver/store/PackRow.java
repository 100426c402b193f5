package sago.receiver.store;

import java.io.IOException;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.SessionId;
import sago.common.pack.PackEntry;

/**
 * A durable pack in the database. Immutable.
 *
 * @param sequence of its journal record
 * @param keepUntil what its acknowledgement promised, in seconds since the epoch; 0 where its record says nothing
 * @param lost its file was gone when the site started
 */
record PackRow(
        PackEntry entry,
        SessionId session,
        DatasetId dataset,
        long sequence,
        PackNames names,
        long keepUntil,
        boolean lost) {
    static PackRow of(StateRow row) throws FaultException {
        return new PackRow(
                new PackEntry(row.pack(0), row.number(1), row.hash(2)),
                row.session(3),
                row.dataset(4),
                row.number(5),
                new PackNames(row.number(6), row.number(7), row.number(8)),
                row.number(9),
                row.number(10) != 0);
    }

    void put(SqlConnection connection) throws IOException {
        StateRow.put(
                connection,
                StateTable.PACKS,
                entry.id().toBytes(),
                entry.length(),
                entry.root().toBytes(),
                session.toBytes(),
                dataset.toBytes(),
                sequence,
                names.added(),
                names.dropped(),
                names.unnamedMs(),
                keepUntil,
                lost ? 1 : 0);
    }

    PackRow withNames(PackNames next) {
        return new PackRow(entry, session, dataset, sequence, next, keepUntil, lost);
    }

    PackRow withKeepUntil(long seconds) {
        return new PackRow(entry, session, dataset, sequence, names, seconds, lost);
    }

    PackRow withLost(boolean isLost) {
        return new PackRow(entry, session, dataset, sequence, names, keepUntil, isLost);
    }

    DurableAck ack() {
        return new DurableAck(entry, sequence, keepUntil);
    }
}
