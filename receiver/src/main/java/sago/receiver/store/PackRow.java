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
 * @param lost its file was gone when the site started
 */
record PackRow(PackEntry entry, SessionId session, DatasetId dataset, long sequence, State state, boolean lost) {
    /** Which manifests name a pack. */
    enum State {
        /** None. */
        STORED(0),
        /** An older one, not the newest. */
        DROPPED(1),
        /** The newest one of its dataset. */
        MEMBER(2);

        private final int id;

        State(int id) {
            this.id = id;
        }

        /** Number in the database; above 0 where a manifest names the pack. */
        int id() {
            return id;
        }

        static State of(long id) throws FaultException {
            for (State state : values()) {
                if (state.id == id) {
                    return state;
                }
            }
            throw StateRow.damaged();
        }
    }

    static PackRow of(StateRow row) throws FaultException {
        return new PackRow(
                new PackEntry(row.pack(0), row.number(1), row.hash(2)),
                row.session(3),
                row.dataset(4),
                row.number(5),
                State.of(row.number(6)),
                row.number(7) != 0);
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
                state.id(),
                lost ? 1 : 0);
    }

    PackRow withState(State next) {
        return new PackRow(entry, session, dataset, sequence, next, lost);
    }

    PackRow withLost(boolean isLost) {
        return new PackRow(entry, session, dataset, sequence, state, isLost);
    }
}
