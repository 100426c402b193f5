package sago.sender.tree;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;

/**
 * What a node of a tree, or a list of chunks, refers to. Immutable.
 *
 * @param packs that hold chunks of data which it names itself
 * @param below nodes and lists that it names
 */
public record NodeRefs(Set<PackId> packs, List<Below> below) {
    public NodeRefs {
        packs = Set.copyOf(packs);
        below = List.copyOf(below);
    }

    /**
     * A node or list, and how to read it.
     *
     * @param level of a node: 0 is a leaf; of a list: 1 names chunks of data
     */
    public record Below(ChunkKind kind, int level, ChunkRef ref) {}

    /** What these bytes refer to; INTEGRITY where they are not what they should be. */
    public static NodeRefs of(ChunkKind kind, int level, byte[] bytes) throws FaultException {
        return switch (kind) {
            case TREE -> level == 0 ? leaf(NodeDecoder.leaf(bytes)) : branch(NodeDecoder.branch(bytes, level), level);
            case LIST -> list(NodeDecoder.list(bytes, level), level);
            case DATA -> throw new IllegalArgumentException("data refers to nothing");
        };
    }

    private static NodeRefs leaf(List<Entry> entries) {
        Set<PackId> packs = new HashSet<>();
        List<Below> below = new ArrayList<>();
        for (Entry entry : entries) {
            FileContent content = entry.content();
            for (ChunkRef ref : content.refs()) {
                if (content.listLevel() == 0) {
                    packs.add(ref.pack());
                } else {
                    below.add(new Below(ChunkKind.LIST, content.listLevel(), ref));
                }
            }
        }
        return new NodeRefs(packs, below);
    }

    private static NodeRefs branch(List<NodeDecoder.Child> children, int level) {
        return new NodeRefs(
                Set.of(),
                children.stream()
                        .map(child -> new Below(ChunkKind.TREE, level - 1, child.ref()))
                        .toList());
    }

    private static NodeRefs list(List<NodeDecoder.Span> spans, int level) {
        Set<PackId> packs = new HashSet<>();
        List<Below> below = new ArrayList<>();
        for (NodeDecoder.Span span : spans) {
            if (level == 1) {
                packs.add(span.ref().pack());
            } else {
                below.add(new Below(ChunkKind.LIST, level - 1, span.ref()));
            }
        }
        return new NodeRefs(packs, below);
    }
}
