package sago.receiver.store;

import java.io.IOException;
import sago.common.fault.FaultException;
import sago.receiver.journal.JournalPosition;

/** The last order of a vault in the database. Immutable. */
record OrderRow(FollowedOrder order) {
    static OrderRow of(StateRow row) throws FaultException {
        return new OrderRow(new FollowedOrder(
                row.vault(0),
                row.dataset(3),
                row.number(1),
                row.hash(2),
                new JournalPosition(row.number(4), row.hash(5)),
                row.number(6)));
    }

    void put(SqlConnection connection) throws IOException {
        StateRow.put(
                connection,
                StateTable.ORDERS,
                order.vault().toBytes(),
                order.sequence(),
                order.order().toBytes(),
                order.dataset().toBytes(),
                order.position().sequence(),
                order.position().chain().toBytes(),
                order.timeMs());
    }
}
