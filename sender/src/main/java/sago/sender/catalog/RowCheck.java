package sago.sender.catalog;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.id.SiteId;
import sago.common.pack.PackEntry;
import sago.common.trust.SessionHeaders;

/** Checksums of rows: CRC32C over their columns in order, big-endian. */
final class RowCheck {
    private RowCheck() {}

    static int pack(PackEntry entry, DatasetId dataset, SessionId session) {
        ByteBuffer row = ByteBuffer.allocate(PackEntry.BYTES + DatasetId.BYTES + SessionId.BYTES);
        entry.write(row);
        dataset.write(row);
        session.write(row);
        return crc(row);
    }

    static int presence(PackId pack, SiteId site, DatasetId dataset, PackPlace place) {
        ByteBuffer row = ByteBuffer.allocate(PackId.BYTES + SiteId.BYTES + DatasetId.BYTES + 4 + 8 + 8);
        pack.write(row);
        site.write(row);
        dataset.write(row);
        row.putInt(place.durable() ? 1 : 0).putLong(place.committed()).putLong(place.keepUntil());
        return crc(row);
    }

    static int use(PackId pack, SiteId site, long sequence, long bytes) {
        ByteBuffer row = ByteBuffer.allocate(PackId.BYTES + SiteId.BYTES + 8 + 8);
        pack.write(row);
        site.write(row);
        return crc(row.putLong(sequence).putLong(bytes));
    }

    static int list(ChunkPlace list, byte[] packs, byte[] lists) {
        ByteBuffer row = ByteBuffer.allocate(PackId.BYTES + 4 + 4 + packs.length + lists.length);
        list.pack().write(row);
        return crc(row.putInt(list.offset()).putInt(packs.length).put(packs).put(lists));
    }

    /** Whether a session's header is the first one, which has this hash, or one that replaces it. */
    static boolean isHeader(byte[] header, Hash first) {
        try {
            return SessionHeaders.belongsTo(ByteString.copyFrom(header), first);
        } catch (FaultException e) {
            return false;
        }
    }

    private static int crc(ByteBuffer row) {
        CRC32C crc = new CRC32C();
        crc.update(row.flip());
        return (int) crc.getValue();
    }
}
