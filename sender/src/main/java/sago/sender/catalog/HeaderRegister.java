package sago.sender.catalog;

import com.google.protobuf.ByteString;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.List;
import java.util.Optional;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.id.SessionId;
import sago.common.sign.Hashes;
import sago.sender.database.Database;

/** The headers that home has of its sessions, so that a rotation need not fetch them. Thread-safe. */
public final class HeaderRegister {
    private final Database database;

    HeaderRegister(Database database) {
        this.database = database;
    }

    /** The first header of a session, if it has this hash; a damaged row counts as absent. */
    public Optional<ByteString> first(SessionId session, Hash firstHeader) throws FaultException {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement("SELECT header FROM session WHERE id = ?")) {
                select.setBytes(1, session.toBytes());
                try (ResultSet row = select.executeQuery()) {
                    return row.next()
                            ? Optional.of(ByteString.copyFrom(row.getBytes(1)))
                                    .filter(header -> Hashes.sha256(header).equals(firstHeader))
                            : Optional.empty();
                }
            }
        });
    }

    /** The newest header that was re-sealed here. The caller checks its proof. */
    public Optional<ResealedHeader> resealed(SessionId session) throws FaultException {
        return database.read(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT header, proof FROM resealed WHERE session = ?")) {
                select.setBytes(1, session.toBytes());
                try (ResultSet row = select.executeQuery()) {
                    if (!row.next() || row.getBytes(2).length != Hash.BYTES) {
                        return Optional.empty();
                    }
                    return Optional.of(new ResealedHeader(
                            session, ByteString.copyFrom(row.getBytes(1)), Hash.of(row.getBytes(2))));
                }
            }
        });
    }

    /** Keeps headers that the vault re-sealed, each in the place of the one before. */
    public void keep(List<ResealedHeader> headers) throws FaultException {
        database.transact(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT OR REPLACE INTO resealed (session, header, proof) VALUES (?, ?, ?)")) {
                for (ResealedHeader header : headers) {
                    insert.setBytes(1, header.session().toBytes());
                    insert.setBytes(2, header.header().toByteArray());
                    insert.setBytes(3, header.proof().toBytes());
                    insert.executeUpdate();
                }
            }
        });
    }
}
