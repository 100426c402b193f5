package sago.sender.tree;

import java.util.List;
import sago.common.fault.FaultException;
import sago.sender.pack.ChunkRef;

/**
 * What a chunk list names. Immutable.
 *
 * @param lists whether these are lists themselves
 */
public record ListRefs(List<ChunkRef> refs, boolean lists) {
    public ListRefs {
        refs = List.copyOf(refs);
    }

    /** Of the bytes of a list, whatever its level. */
    public static ListRefs of(byte[] list) throws FaultException {
        boolean lists = NodeDecoder.holdsLists(list);
        return new ListRefs(
                NodeDecoder.list(list, lists ? 2 : 1).stream()
                        .map(NodeDecoder.Span::ref)
                        .toList(),
                lists);
    }
}
