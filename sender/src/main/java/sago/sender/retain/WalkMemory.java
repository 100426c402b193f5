package sago.sender.retain;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.zip.CRC32C;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SiteId;
import sago.sender.database.Database;
import sago.sender.database.Schema;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.tree.NodeRefs;

/**
 * What the key holder remembers of a dataset: what nodes refer to, which snapshots were walked or verified, and when they were taken. Beside the
 * vault, because orders rest on it; a sender cannot write it. A damaged row counts as absent and is found out again; the file may be
 * deleted: then {@code forget} walks anew and asks for a verified snapshot. Thread-safe.
 */
public final class WalkMemory implements AutoCloseable {
    private static final long CACHE_BYTES = 8 << 20;

    /** Kind 1, level 1, then the reference. */
    private static final int BELOW_BYTES = 1 + 1 + PackId.BYTES + 4 + 4 + 4 + 8;

    private static final List<String> VERSION_1 = List.of(
            "CREATE TABLE node (pack BLOB NOT NULL, offset INTEGER NOT NULL, kind INTEGER NOT NULL, packs BLOB NOT NULL,"
                    + " below BLOB NOT NULL, crc INTEGER NOT NULL, PRIMARY KEY (pack, offset)) WITHOUT ROWID",
            // Facts of a snapshot at a site: 1 taken (value: when, in ms), 2 walked, 3 verified (value: when, in ms).
            "CREATE TABLE fact (manifest BLOB NOT NULL, site BLOB NOT NULL, fact INTEGER NOT NULL, value INTEGER NOT NULL,"
                    + " crc INTEGER NOT NULL, PRIMARY KEY (manifest, site, fact)) WITHOUT ROWID");

    private static final int TAKEN = 1;
    private static final int WALKED = 2;
    private static final int VERIFIED = 3;

    private final Database database;
    private final SiteId site;

    private WalkMemory(Database database, SiteId site) {
        this.database = database;
        this.site = site;
    }

    /** Opens or begins what is remembered of a dataset, with the facts of one site; the folder must exist. */
    public static WalkMemory open(Path file, SiteId site) throws FaultException {
        String cure = ". Delete it: `sago verify` and `sago forget` find out anew what stood there";
        return new WalkMemory(Database.open(file, new Schema(List.of(VERSION_1), false, CACHE_BYTES, cure)), site);
    }

    /** What a node or list refers to, if that is remembered. */
    Optional<NodeRefs> node(NodeRefs.Below node) throws FaultException {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT packs, below, crc FROM node WHERE pack = ? AND offset = ? AND kind = ?")) {
                select.setBytes(1, node.ref().pack().toBytes());
                select.setInt(2, node.ref().offset());
                select.setInt(3, kind(node));
                try (ResultSet row = select.executeQuery()) {
                    if (!row.next()) {
                        return Optional.empty();
                    }
                    byte[] packs = row.getBytes(1);
                    byte[] below = row.getBytes(2);
                    return row.getInt(3) == check(node, packs, below)
                            ? Optional.of(new NodeRefs(readPacks(packs), readBelow(below)))
                            : Optional.empty();
                }
            }
        });
    }

    void keep(NodeRefs.Below node, NodeRefs refs) throws FaultException {
        byte[] packs = packs(refs);
        byte[] below = below(refs);
        database.transact(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT OR REPLACE INTO node (pack, offset, kind, packs, below, crc) VALUES (?, ?, ?, ?, ?, ?)")) {
                insert.setBytes(1, node.ref().pack().toBytes());
                insert.setInt(2, node.ref().offset());
                insert.setInt(3, kind(node));
                insert.setBytes(4, packs);
                insert.setBytes(5, below);
                insert.setInt(6, check(node, packs, below));
                insert.executeUpdate();
            }
        });
    }

    /** Nodes of these packs are gone with them. */
    public void forgetNodes(Iterable<PackId> packs) throws FaultException {
        database.transact(connection -> {
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM node WHERE pack = ?")) {
                for (PackId pack : packs) {
                    delete.setBytes(1, pack.toBytes());
                    delete.executeUpdate();
                }
            }
        });
    }

    /** When a snapshot was taken, in milliseconds. */
    public OptionalLong taken(Hash manifest) throws FaultException {
        return fact(manifest, TAKEN);
    }

    public void taken(Hash manifest, long atMs) throws FaultException {
        keep(manifest, TAKEN, atMs);
    }

    /** Whether every reference of the snapshot was found to name a pack of it. */
    public boolean isWalked(Hash manifest) throws FaultException {
        return fact(manifest, WALKED).isPresent();
    }

    void walked(Hash manifest) throws FaultException {
        keep(manifest, WALKED, 1);
    }

    /** Whether the key holder opened the snapshot and a sample of its data, or all of it. */
    public boolean isVerified(Hash manifest) throws FaultException {
        return fact(manifest, VERIFIED).isPresent();
    }

    public void verified(Hash manifest, long atMs) throws FaultException {
        keep(manifest, VERIFIED, atMs);
    }

    private OptionalLong fact(Hash manifest, int fact) throws FaultException {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT value, crc FROM fact WHERE manifest = ? AND site = ? AND fact = ?")) {
                select.setBytes(1, manifest.toBytes());
                select.setBytes(2, site.toBytes());
                select.setInt(3, fact);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() && row.getInt(2) == check(manifest, fact, row.getLong(1))
                            ? OptionalLong.of(row.getLong(1))
                            : OptionalLong.empty();
                }
            }
        });
    }

    private void keep(Hash manifest, int fact, long value) throws FaultException {
        database.transact(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT OR REPLACE INTO fact (manifest, site, fact, value, crc) VALUES (?, ?, ?, ?, ?)")) {
                insert.setBytes(1, manifest.toBytes());
                insert.setBytes(2, site.toBytes());
                insert.setInt(3, fact);
                insert.setLong(4, value);
                insert.setInt(5, check(manifest, fact, value));
                insert.executeUpdate();
            }
        });
    }

    /** A node is decoded by what its parent says it is: another word of it is another row. */
    private static int kind(NodeRefs.Below node) {
        return node.kind().wireId() << 8 | node.level();
    }

    private static byte[] packs(NodeRefs refs) {
        ByteBuffer column = ByteBuffer.allocate(refs.packs().size() * PackId.BYTES);
        refs.packs().forEach(pack -> pack.write(column));
        return column.array();
    }

    private static byte[] below(NodeRefs refs) {
        ByteBuffer column = ByteBuffer.allocate(refs.below().size() * BELOW_BYTES);
        for (NodeRefs.Below node : refs.below()) {
            column.put((byte) node.kind().wireId()).put((byte) node.level());
            node.ref().pack().write(column);
            column.putInt(node.ref().offset())
                    .putInt(node.ref().stored())
                    .putInt(node.ref().raw())
                    .putLong(node.ref().check());
        }
        return column.array();
    }

    private static Set<PackId> readPacks(byte[] packs) {
        Set<PackId> read = new HashSet<>();
        for (ByteBuffer column = ByteBuffer.wrap(packs); column.hasRemaining(); ) {
            read.add(PackId.read(column));
        }
        return read;
    }

    private static List<NodeRefs.Below> readBelow(byte[] below) throws FaultException {
        List<NodeRefs.Below> read = new ArrayList<>();
        for (ByteBuffer column = ByteBuffer.wrap(below); column.hasRemaining(); ) {
            ChunkKind kind = ChunkKind.ofWireId(column.get());
            int level = column.get();
            PackId pack = PackId.read(column);
            read.add(new NodeRefs.Below(
                    kind,
                    level,
                    new ChunkRef(pack, column.getInt(), column.getInt(), column.getInt(), column.getLong())));
        }
        return read;
    }

    private static int check(NodeRefs.Below node, byte[] packs, byte[] below) {
        ByteBuffer row = ByteBuffer.allocate(PackId.BYTES + 4 + 4 + 4 + packs.length + below.length);
        node.ref().pack().write(row);
        return crc(row.putInt(node.ref().offset())
                .putInt(kind(node))
                .putInt(packs.length)
                .put(packs)
                .put(below));
    }

    private int check(Hash manifest, int fact, long value) {
        ByteBuffer row = ByteBuffer.allocate(Hash.BYTES + SiteId.BYTES + 4 + 8);
        manifest.write(row);
        site.write(row);
        return crc(row.putInt(fact).putLong(value));
    }

    private static int crc(ByteBuffer row) {
        CRC32C crc = new CRC32C();
        crc.update(row.flip());
        return (int) crc.getValue();
    }

    @Override
    public void close() throws FaultException {
        database.close();
    }
}
