package sago.sender.catalog;

import java.util.List;
import java.util.Map;
import sago.common.id.PackId;

/**
 * What a chunk list refers to, written down when it was made, because a sender cannot open it later.
 *
 * @param packs bytes that each pack gives to the chunks that the list names
 * @param lists the chunks that it names, where these are lists themselves; otherwise none
 */
public record ListUse(Map<PackId, Long> packs, List<ChunkPlace> lists) {
    public ListUse {
        packs = Map.copyOf(packs);
        lists = List.copyOf(lists);
    }
}
