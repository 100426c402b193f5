package sago.sender.index;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.durable.DurableFiles;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.database.Database;
import sago.sender.database.Schema;
import sago.sender.pack.ChunkId;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.PackedChunk;

/**
 * The index in an SQLite file. A Bloom filter in memory keeps look-ups of new chunks, which are most of a first backup, away from it; the
 * filter is made anew at each start by a scan, which reads every page and so finds a damaged file before anyone relies on it.
 *
 * <p>What is damaged only costs uploads: a row whose checksum is wrong counts as absent, a damaged file is moved aside and an empty
 * one begun. Transactions are not forced: what a power loss takes is stored once more.
 *
 * <p>Thread-safe: readers each have a connection, one writer at a time.
 */
public final class SqliteChunkIndex implements ChunkIndex {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteChunkIndex.class);
    private static final String DAMAGED = ".damaged";
    private static final List<List<String>> STEPS =
            List.of(List.of("CREATE TABLE chunk (id BLOB PRIMARY KEY, place BLOB NOT NULL) WITHOUT ROWID"));

    private static final Comparator<ChunkId> BY_KEY = Comparator.comparingLong((ChunkId id) -> id.a() + Long.MIN_VALUE)
            .thenComparingLong(id -> id.b() + Long.MIN_VALUE);

    private final Path file;
    private final DurableFiles files;
    private final Schema schema;
    private final BloomFilter filter;
    private final Database writer;
    private final ConcurrentLinkedDeque<Database> idleReaders = new ConcurrentLinkedDeque<>();
    private final ConcurrentLinkedQueue<Database> readers = new ConcurrentLinkedQueue<>();
    private volatile boolean damaged;

    private SqliteChunkIndex(Path file, DurableFiles files, IndexMemory memory) throws FaultException {
        this.file = file;
        this.files = files;
        this.schema = new Schema(STEPS, false, memory.pageCacheBytes(), "");
        this.filter = new BloomFilter(memory.filterBytes());
        this.writer = Database.open(file, schema);
    }

    /** Opens or begins an index. */
    public static SqliteChunkIndex open(Path file, DurableFiles files, IndexMemory memory) throws FaultException {
        try {
            return opened(file, files, memory);
        } catch (FaultException e) {
            if (e.fault() != Fault.INTEGRITY) {
                throw e;
            }
            LOG.warn("{}; it is kept as {}{} and chunks are looked for no more in it", e.getMessage(), file, DAMAGED);
            moveAside(file, files);
            return opened(file, files, memory);
        }
    }

    private static SqliteChunkIndex opened(Path file, DurableFiles files, IndexMemory memory) throws FaultException {
        SqliteChunkIndex index = new SqliteChunkIndex(file, files, memory);
        try {
            index.fillFilter();
            return index;
        } catch (FaultException e) {
            index.writer.close();
            throw e;
        }
    }

    @Override
    public @Nullable ChunkRef find(ChunkId id) throws FaultException {
        if (damaged || !filter.mayHold(id)) {
            return null;
        }
        byte[] key = IndexRow.key(id);
        try {
            byte[] value = look(key).orElse(null);
            return value == null ? null : IndexRow.read(id, key, value);
        } catch (FaultException e) {
            giveUp(e);
            return null;
        }
    }

    private Optional<byte[]> look(byte[] key) throws FaultException {
        Database reader = idleReaders.poll();
        if (reader == null) {
            reader = Database.open(file, schema);
            readers.add(reader);
        }
        try {
            return reader.read(connection -> {
                try (PreparedStatement select = connection.prepareStatement("SELECT place FROM chunk WHERE id = ?")) {
                    select.setBytes(1, key);
                    try (ResultSet row = select.executeQuery()) {
                        return row.next() ? Optional.ofNullable(row.getBytes(1)) : Optional.empty();
                    }
                }
            });
        } finally {
            idleReaders.push(reader);
        }
    }

    @Override
    public void insert(List<PackedChunk> chunks) throws FaultException {
        if (damaged) {
            return;
        }
        // In the order of the tree, so that neighbouring rows meet the same pages.
        List<PackedChunk> sorted = new ArrayList<>(chunks);
        sorted.sort(Comparator.comparing(PackedChunk::id, BY_KEY));
        try {
            writer.transact(connection -> {
                try (PreparedStatement insert =
                        connection.prepareStatement("INSERT OR REPLACE INTO chunk (id, place) VALUES (?, ?)")) {
                    for (PackedChunk chunk : sorted) {
                        byte[] key = IndexRow.key(chunk.id());
                        insert.setBytes(1, key);
                        insert.setBytes(2, IndexRow.value(key, chunk.ref()));
                        insert.executeUpdate();
                    }
                }
            });
        } catch (FaultException e) {
            giveUp(e);
        }
        for (PackedChunk chunk : sorted) {
            filter.add(chunk.id());
        }
    }

    private void fillFilter() throws FaultException {
        writer.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement("SELECT id, place FROM chunk");
                    ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    byte[] key = rows.getBytes(1);
                    if (key != null && key.length == IndexRow.KEY_BYTES) {
                        filter.add(IndexRow.idOf(key));
                    }
                }
                return filter;
            }
        });
    }

    /** Damage that shows only now ends the use of this file; any other fault is the caller's. */
    private void giveUp(FaultException fault) throws FaultException {
        if (fault.fault() != Fault.INTEGRITY) {
            throw fault;
        }
        if (!damaged) {
            damaged = true;
            LOG.warn("{}; from here on every chunk counts as new", fault.getMessage());
        }
    }

    @Override
    public void close() throws FaultException {
        for (Database reader : readers) {
            reader.close();
        }
        try {
            writer.close();
        } catch (FaultException e) {
            giveUp(e);
        }
        if (damaged) {
            moveAside(file, files);
        }
    }

    /** The damaged file stays for whoever wants to look; one is enough. */
    private static void moveAside(Path file, DurableFiles files) throws FaultException {
        try {
            for (String suffix : List.of("-wal", "-shm")) {
                files.delete(file.resolveSibling(file.getFileName() + suffix));
            }
            if (files.exists(file)) {
                files.disk().move(file, file.resolveSibling(file.getFileName() + DAMAGED));
                files.disk()
                        .forceFolder(
                                Objects.requireNonNull(file.toAbsolutePath().getParent()));
            }
        } catch (IOException e) {
            throw new FaultException(Fault.DISK, "the damaged index " + file + " cannot be moved aside", e);
        }
    }
}
