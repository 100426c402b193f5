package sago.sender.tree;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sago.common.id.PackId;

/** The packs that one node or list names, in order of first use; references name them by position. Confined to one thread. */
final class PackTable {
    /** Tag, length and 16 bytes of an encoded row. */
    private static final int ROW_BYTES = 2 + PackId.BYTES;

    private final Map<PackId, Integer> positions = new LinkedHashMap<>();

    int position(PackId pack) {
        Integer known = positions.putIfAbsent(pack, positions.size());
        return known == null ? positions.size() - 1 : known;
    }

    int encodedBytes() {
        return positions.size() * ROW_BYTES;
    }

    List<ByteString> ids() {
        List<ByteString> ids = new ArrayList<>(positions.size());
        for (PackId pack : positions.keySet()) {
            ids.add(ByteString.copyFrom(pack.toBytes()));
        }
        return ids;
    }
}
