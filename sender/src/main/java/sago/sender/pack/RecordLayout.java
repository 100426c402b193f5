package sago.sender.pack;

import java.nio.ByteBuffer;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.sender.compress.Codec;

/**
 * Layout of the opened bytes of a pack, big-endian; {@code P} is their length, {@code n} the number of records:
 *
 * <pre>
 * 0              records, one after the other: header 44, stored bytes
 *                zeros
 * P - 16 - 48 n  table: one row of 48 per record
 * P - 16         footer: "SGTB" 4, n 4, offset of the table 4, CRC32C of the table 4
 *
 * record header  0 chunk id 32 | 32 codec 1 | 33 kind 1 | 34 zero 2 | 36 raw length 4 | 40 stored length 4
 * table row      0 chunk id 32 | 32 offset of the record 4 | 36 raw length 4 | 40 stored length 4 | 44 codec 1 | 45 kind 1 | 46 zero 2
 * </pre>
 */
final class RecordLayout {
    static final int HEADER_BYTES = ChunkId.BYTES + 1 + 1 + 2 + 4 + 4;
    static final int ROW_BYTES = ChunkId.BYTES + 4 + 4 + 4 + 1 + 1 + 2;
    static final int FOOTER_BYTES = 4 + 4 + 4 + 4;
    static final int FOOTER_MAGIC = 0x53475442;

    private RecordLayout() {}

    /** Bytes of the opened pack that a record takes, its row included. */
    static int footprint(int storedLength) {
        return HEADER_BYTES + storedLength + ROW_BYTES;
    }

    static void writeHeader(ByteBuffer to, ChunkId id, ChunkKind kind, Codec codec, ChunkRef ref) {
        id.write(to);
        to.put((byte) codec.wireId()).put((byte) kind.wireId()).putShort((short) 0);
        to.putInt(ref.raw()).putInt(ref.stored());
    }

    static void writeRow(ByteBuffer to, ChunkId id, ChunkKind kind, Codec codec, ChunkRef ref) {
        id.write(to);
        to.putInt(ref.offset()).putInt(ref.raw()).putInt(ref.stored());
        to.put((byte) codec.wireId()).put((byte) kind.wireId()).putShort((short) 0);
    }

    static void writeFooter(ByteBuffer to, int records, int tableOffset, int tableCrc) {
        to.putInt(FOOTER_MAGIC).putInt(records).putInt(tableOffset).putInt(tableCrc);
    }

    /** What a record's header says. */
    record Header(ChunkId id, Codec codec, ChunkKind kind, int raw, int stored) {
        static Header read(ByteBuffer from) throws FaultException {
            ChunkId id = ChunkId.read(from);
            Codec codec = Codec.ofWireId(from.get() & 0xff);
            ChunkKind kind = ChunkKind.ofWireId(from.get() & 0xff);
            requireZero(from.getShort());
            return new Header(id, codec, kind, from.getInt(), from.getInt());
        }

        /** Whether a reference means this record. */
        boolean answers(ChunkRef ref, ChunkKind asked) {
            return kind == asked && raw == ref.raw() && stored == ref.stored() && id.check() == ref.check();
        }
    }

    /** Reads a row and advances the buffer. */
    static PackedChunk readRow(ByteBuffer from, PackId pack) throws FaultException {
        ChunkId id = ChunkId.read(from);
        int offset = from.getInt();
        int raw = from.getInt();
        int stored = from.getInt();
        Codec.ofWireId(from.get() & 0xff);
        ChunkKind kind = ChunkKind.ofWireId(from.get() & 0xff);
        requireZero(from.getShort());
        try {
            return new PackedChunk(id, kind, new ChunkRef(pack, offset, stored, raw, id.check()));
        } catch (IllegalArgumentException e) {
            throw new FaultException(Fault.INTEGRITY, "table row out of bounds: " + e.getMessage(), e);
        }
    }

    private static void requireZero(short reserved) throws FaultException {
        if (reserved != 0) {
            throw new FaultException(Fault.VERSION, "reserved bytes of a record are set: read it with a newer version");
        }
    }
}
