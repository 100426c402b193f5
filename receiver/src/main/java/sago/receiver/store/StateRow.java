package sago.receiver.store;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.zip.CRC32C;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.id.VaultId;

/**
 * A row that was checked: each carries a CRC32C over its table's name and values, so that a bit that flips in the file is met when the row
 * is read rather than believed. Immutable.
 */
final class StateRow {
    private final Object[] values;

    private StateRow(Object[] values) {
        this.values = values;
    }

    static StateRow read(StateTable table, ResultSet row) throws SQLException, FaultException {
        Object[] values = new Object[table.width()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row.getObject(i + 1);
        }
        if (row.getLong(values.length + 1) != checksum(table, values)) {
            throw damaged();
        }
        return new StateRow(values);
    }

    /** Inserts or replaces a row; values are longs, ints or byte arrays, in the order of the columns. */
    static void put(SqlConnection connection, StateTable table, Object... values) throws IOException {
        Object[] checked = new Object[table.width() + 1];
        System.arraycopy(values, 0, checked, 0, table.width());
        checked[table.width()] = checksum(table, values);
        connection.update(table.replace(), checked);
    }

    static FaultException damaged() {
        return StoreFaults.damaged(
                "state.db", "stop the receiver, delete the file, and start again; it is made anew from the journal");
    }

    private static long checksum(StateTable table, Object[] values) {
        CRC32C crc = new CRC32C();
        crc.update(table.name().getBytes(StandardCharsets.US_ASCII));
        ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
        for (Object value : values) {
            if (value instanceof byte[] bytes) {
                crc.update(number.clear().putLong(-1L - bytes.length).flip());
                crc.update(bytes);
            } else if (value instanceof Number count) {
                crc.update(number.clear().putLong(count.longValue()).flip());
            }
        }
        return crc.getValue();
    }

    long number(int column) throws FaultException {
        if (values[column] instanceof Number number) {
            return number.longValue();
        }
        throw damaged();
    }

    byte[] bytes(int column) throws FaultException {
        if (values[column] instanceof byte[] bytes) {
            return bytes;
        }
        throw damaged();
    }

    ByteString string(int column) throws FaultException {
        return ByteString.copyFrom(bytes(column));
    }

    Hash hash(int column) throws FaultException {
        return Hash.of(bytes(column));
    }

    PackId pack(int column) throws FaultException {
        return PackId.of(bytes(column));
    }

    SessionId session(int column) throws FaultException {
        return SessionId.of(bytes(column));
    }

    DatasetId dataset(int column) throws FaultException {
        return DatasetId.of(bytes(column));
    }

    VaultId vault(int column) throws FaultException {
        return VaultId.of(bytes(column));
    }
}
