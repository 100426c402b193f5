package sago.sender.pack;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;

/** Reads the table in the tail of a pack: footer first, then the rows that it announces. Confined to one call. */
final class RecordTable {
    /** Gives a range of the opened bytes. */
    interface Opened {
        PackReader.Slice range(PackReader.Hands hands, OpenedPack pack, int offset, int length)
                throws FaultException, InterruptedException;
    }

    private final OpenedPack pack;

    RecordTable(OpenedPack pack) {
        this.pack = pack;
    }

    List<PackedChunk> read(Opened opened, PackReader.Hands hands) throws FaultException, InterruptedException {
        int footerAt = pack.plainBytes() - RecordLayout.FOOTER_BYTES;
        PackReader.Slice tail = opened.range(hands, pack, footerAt, RecordLayout.FOOTER_BYTES);
        ByteBuffer footer = ByteBuffer.wrap(tail.bytes, tail.offset, RecordLayout.FOOTER_BYTES);
        int magic = footer.getInt();
        int records = footer.getInt();
        int tableAt = footer.getInt();
        int crc = footer.getInt();
        if (magic != RecordLayout.FOOTER_MAGIC
                || records < 1
                || records > Limits.PACK_RECORDS_MAX
                || tableAt != footerAt - records * RecordLayout.ROW_BYTES
                || tableAt < 0) {
            throw OpenedPack.refuse(pack.id(), "its footer names no table");
        }
        PackReader.Slice table = opened.range(hands, pack, tableAt, footerAt - tableAt);
        ByteBuffer rows = ByteBuffer.wrap(table.bytes, table.offset, footerAt - tableAt);
        CRC32C computed = new CRC32C();
        computed.update(rows.duplicate());
        if ((int) computed.getValue() != crc) {
            throw OpenedPack.refuse(pack.id(), "its table does not have its checksum");
        }
        return rows(rows, records, tableAt);
    }

    /** Records follow one another without gaps from offset 0. */
    private List<PackedChunk> rows(ByteBuffer rows, int records, int tableAt) throws FaultException {
        List<PackedChunk> chunks = new ArrayList<>(records);
        long next = 0;
        for (int i = 0; i < records; i++) {
            PackedChunk chunk = RecordLayout.readRow(rows, pack.id());
            if (chunk.ref().offset() != next) {
                throw OpenedPack.refuse(pack.id(), "row " + i + " of its table does not follow the one before");
            }
            next += RecordLayout.HEADER_BYTES + (long) chunk.ref().stored();
            chunks.add(chunk);
        }
        if (next > tableAt) {
            throw OpenedPack.refuse(pack.id(), "its records reach into its table");
        }
        return chunks;
    }
}
