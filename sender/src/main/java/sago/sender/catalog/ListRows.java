package sago.sender.catalog;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sago.common.id.PackId;

/** Columns of {@code list_packs}, big-endian: pack 16 and bytes 8 for each pack; pack 16 and offset 4 for each list. */
final class ListRows {
    private static final int PACK_BYTES = PackId.BYTES + Long.BYTES;
    private static final int LIST_BYTES = PackId.BYTES + Integer.BYTES;

    private ListRows() {}

    static byte[] packs(ListUse use) {
        ByteBuffer column = ByteBuffer.allocate(use.packs().size() * PACK_BYTES);
        use.packs().forEach((pack, bytes) -> {
            pack.write(column);
            column.putLong(bytes);
        });
        return column.array();
    }

    static byte[] lists(ListUse use) {
        ByteBuffer column = ByteBuffer.allocate(use.lists().size() * LIST_BYTES);
        for (ChunkPlace list : use.lists()) {
            list.pack().write(column);
            column.putInt(list.offset());
        }
        return column.array();
    }

    /** Of columns whose checksum was compared. */
    static ListUse read(byte[] packs, byte[] lists) {
        Map<PackId, Long> bytes = new LinkedHashMap<>();
        for (ByteBuffer column = ByteBuffer.wrap(packs); column.hasRemaining(); ) {
            bytes.put(PackId.read(column), column.getLong());
        }
        List<ChunkPlace> places = new ArrayList<>();
        for (ByteBuffer column = ByteBuffer.wrap(lists); column.hasRemaining(); ) {
            places.add(new ChunkPlace(PackId.read(column), column.getInt()));
        }
        return new ListUse(bytes, places);
    }
}
