package sago.sender.retain;

import java.util.Optional;
import java.util.Set;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.limits.Limits;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkSource;
import sago.sender.tree.NodeRefs;
import sago.sender.tree.TreeRoot;

/**
 * Proves that a snapshot stands on the packs that its manifests name and on no others, so that those others may go: every node and list of its
 * tree is read, and each reference must name one of them. What a node refers to is remembered, so that nodes which snapshots share are
 * fetched once. Whether the site really holds these packs is for {@code verify} to ask. Confined to one thread.
 */
public final class SnapshotWalk {
    private final ChunkSource chunks;
    private final WalkMemory memory;
    private long nodes;
    private long fetched;

    public SnapshotWalk(ChunkSource chunks, WalkMemory memory) {
        this.chunks = chunks;
        this.memory = memory;
    }

    /**
     * Walks a snapshot, unless that was done before.
     *
     * @param named packs that its manifest and those before it name
     * @throws FaultException INTEGRITY where a reference names another pack, or a node is not what it should be
     */
    public void walk(Hash manifest, TreeRoot root, Set<PackId> named) throws FaultException, InterruptedException {
        if (!memory.isWalked(manifest)) {
            visit(new NodeRefs.Below(ChunkKind.TREE, root.level(), root.ref()), named);
            memory.walked(manifest);
        }
    }

    /** Nodes and lists that were met. */
    public long nodes() {
        return nodes;
    }

    /** Of these, how many were not remembered. */
    public long fetched() {
        return fetched;
    }

    /** As deep as a tree and its lists have levels, which is bounded. */
    private void visit(NodeRefs.Below node, Set<PackId> named) throws FaultException, InterruptedException {
        require(node.ref().pack(), named);
        nodes++;
        NodeRefs refs = refs(node);
        for (PackId pack : refs.packs()) {
            require(pack, named);
        }
        for (NodeRefs.Below below : refs.below()) {
            visit(below, named);
        }
    }

    private NodeRefs refs(NodeRefs.Below node) throws FaultException, InterruptedException {
        Optional<NodeRefs> known = memory.node(node);
        if (known.isPresent()) {
            return known.get();
        }
        if (node.ref().raw() > Limits.TREE_NODE_BYTES_MAX) {
            throw new FaultException(
                    Fault.INTEGRITY, "a node of a tree has " + node.ref().raw() + " bytes");
        }
        NodeRefs refs = NodeRefs.of(node.kind(), node.level(), chunks.read(node.ref(), node.kind()));
        memory.keep(node, refs);
        fetched++;
        return refs;
    }

    private static void require(PackId pack, Set<PackId> named) throws FaultException {
        if (!named.contains(pack)) {
            throw new FaultException(
                    Fault.INTEGRITY,
                    "a snapshot refers to pack " + pack + ", which its manifests do not name: nothing may expire before"
                            + " `sago verify --read-data` has shown which snapshots are whole");
        }
    }
}
