package sago.sender.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.durable.DiskFile;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.database.Database;
import sago.sender.database.Schema;

/**
 * Takes over the SQLite file that an index was until 0.1: its rows, which have the same bytes and come in the same order, become one
 * segment; then the file is deleted. Cut off, it begins again. Stateless.
 */
final class SqliteRows {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteRows.class);
    private static final List<List<String>> STEPS =
            List.of(List.of("CREATE TABLE chunk (id BLOB PRIMARY KEY, place BLOB NOT NULL) WITHOUT ROWID"));
    private static final long CACHE_BYTES = 8 << 20;
    private static final String WRITE_AHEAD_LOG = "-wal";
    private static final List<String> BESIDE = List.of(WRITE_AHEAD_LOG, "-shm");

    private SqliteRows() {}

    /** Does nothing where there is no such file. Called before the folder is opened. */
    static void takeOver(Path database, SegmentFiles folder) throws IOException {
        if (!folder.files().exists(database)) {
            return;
        }
        try {
            copy(database, folder);
        } catch (FaultException e) {
            if (e.fault() != Fault.INTEGRITY) {
                throw e;
            }
            LOG.warn("{}; what was read of it before stays known", e.getMessage());
            folder.setAside(database);
        }
        for (String suffix : BESIDE) {
            folder.files().delete(beside(database, suffix));
        }
        folder.files().delete(database);
    }

    /** What could be read before damage was met is published too. */
    private static void copy(Path database, SegmentFiles folder) throws IOException {
        LogRange logs = LogRange.of(folder.nextLog());
        SegmentLayout layout = SegmentLayout.ofRows(rowsMax(database, folder), logs);
        try (Database open = Database.open(database, new Schema(STEPS, false, CACHE_BYTES, ""))) {
            try (SegmentWriter writer = new SegmentWriter(folder.files(), folder.segment(logs), layout)) {
                try {
                    copy(open, writer, folder);
                } catch (FaultException e) {
                    if (e.fault() == Fault.INTEGRITY) {
                        writer.publish();
                    }
                    throw e;
                }
                writer.publish();
            }
        }
    }

    private static void copy(Database database, SegmentWriter writer, SegmentFiles folder) throws FaultException {
        database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement("SELECT id, place FROM chunk ORDER BY id");
                    ResultSet rows = select.executeQuery()) {
                copy(rows, writer, folder);
                return folder;
            }
        });
    }

    /** As many as its pages and those of its log have room for. */
    private static long rowsMax(Path database, SegmentFiles folder) throws IOException {
        long bytes = 0;
        for (Path path : List.of(database, beside(database, WRITE_AHEAD_LOG))) {
            if (folder.files().exists(path)) {
                try (DiskFile file = folder.files().disk().openRead(path)) {
                    bytes += file.size();
                }
            }
        }
        return bytes / IndexRow.BYTES;
    }

    private static Path beside(Path database, String suffix) {
        return database.resolveSibling(database.getFileName() + suffix);
    }

    private static void copy(ResultSet rows, SegmentWriter writer, SegmentFiles folder)
            throws SQLException, FaultException {
        ByteBuffer row = ByteBuffer.allocate(IndexRow.BYTES);
        ByteBuffer last = ByteBuffer.allocate(IndexRow.BYTES);
        try {
            for (boolean first = true; rows.next(); ) {
                byte[] key = rows.getBytes(1);
                byte[] place = rows.getBytes(2);
                if (key == null || place == null || key.length + place.length != IndexRow.BYTES) {
                    continue;
                }
                row.put(0, key).put(key.length, place);
                boolean above = first || IndexRow.compareKeys(row, 0, last, 0) > 0;
                if (above && IndexRow.isSound(row, 0)) {
                    writer.add(row, 0);
                    last.put(0, row, 0, IndexRow.BYTES);
                    first = false;
                }
            }
        } catch (FaultException e) {
            throw e;
        } catch (IOException e) {
            throw folder.fault(e);
        }
    }
}
