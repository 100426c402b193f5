package sago.receiver.store;

import java.io.IOException;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.pack.PackGeometry;

/**
 * A session in the database. Immutable.
 *
 * @param newest hash of its newest header: the first one until it is sealed anew
 * @param keyEpoch of its newest header
 */
record SessionRow(OpenedSession opened, Hash newest, int keyEpoch) {
    static SessionRow of(StateRow row) throws FaultException {
        return new SessionRow(
                new OpenedSession(
                        row.vault(1),
                        row.dataset(2),
                        row.session(0),
                        new PackGeometry((int) row.number(6), (int) row.number(7)),
                        row.hash(3)),
                row.hash(4),
                (int) row.number(5));
    }

    void put(SqlConnection connection) throws IOException {
        StateRow.put(
                connection,
                StateTable.SESSIONS,
                opened.session().toBytes(),
                opened.vault().toBytes(),
                opened.dataset().toBytes(),
                opened.headerSha256().toBytes(),
                newest.toBytes(),
                keyEpoch,
                opened.geometry().segmentBytes(),
                opened.geometry().packBytes());
    }
}
