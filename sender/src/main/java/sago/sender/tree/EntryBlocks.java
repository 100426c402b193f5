package sago.sender.tree;

import java.util.ArrayList;
import java.util.List;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;
import sago.sender.pack.ChunkRef;

/**
 * Entries and references in the bytes of tree nodes, for files of home that keep them outside a tree: a block is a leaf with a pack
 * table of its own. Reading believes as little as {@link NodeDecoder} does. Any thread.
 */
public final class EntryBlocks {
    private EntryBlocks() {}

    /**
     * The entries, whose keys ascend, in as many blocks as needed: each ends at 64 KiB, after which one last entry may lie. Extended
     * attributes stay out: they are read again, and would make a block too large for a record.
     */
    public static List<byte[]> encode(List<Entry> ascending) {
        List<byte[]> blocks = new ArrayList<>();
        NodeEncoder block = new NodeEncoder(0);
        for (Entry entry : ascending) {
            block.add(entry.withXattrs(List.of()));
            if (block.encodedBytes() >= NodeEncoder.BYTES_MIN) {
                blocks.add(block.toBytes());
                block = new NodeEncoder(0);
            }
        }
        if (!block.isEmpty()) {
            blocks.add(block.toBytes());
        }
        return blocks;
    }

    /** The entries of a block, ascending. */
    public static List<Entry> decode(byte[] block) throws FaultException {
        return NodeDecoder.leaf(block);
    }

    /** References of data chunks, 1 to {@link Limits#LIST_REFS_MAX}. */
    public static byte[] encodeRefs(List<ChunkRef> refs) {
        if (refs.isEmpty() || refs.size() > Limits.LIST_REFS_MAX) {
            throw new IllegalArgumentException(refs.size() + " references");
        }
        return ContentBuilder.encode(refs, List.of());
    }

    /** The references in these bytes. */
    public static List<ChunkRef> decodeRefs(byte[] bytes) throws FaultException {
        return NodeDecoder.list(bytes, 1).stream().map(NodeDecoder.Span::ref).toList();
    }
}
