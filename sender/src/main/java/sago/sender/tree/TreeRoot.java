package sago.sender.tree;

import com.google.protobuf.ByteString;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.limits.Limits;
import sago.sender.pack.ChunkRef;
import sago.sender.proto.ChunkAddress;

/**
 * Where a tree begins. Immutable.
 *
 * @param ref the root node
 * @param level 0: the root is a leaf
 */
public record TreeRoot(ChunkRef ref, int level) {
    public TreeRoot {
        if (level < 0 || level > Limits.TREE_LEVELS_MAX) {
            throw new IllegalArgumentException("level of a tree: " + level);
        }
    }

    /** As a manifest's body names it. */
    public ChunkAddress toAddress() {
        return ChunkAddress.newBuilder()
                .setPack(ByteString.copyFrom(ref.pack().toBytes()))
                .setOffset(ref.offset())
                .setStored(ref.stored())
                .setRaw(ref.raw())
                .setCheck(ref.check())
                .build();
    }

    /** From a manifest's body. */
    public static TreeRoot of(ChunkAddress address, int level) throws FaultException {
        Wire.refuseUnknown(address);
        if (address.getPack().size() != PackId.BYTES) {
            throw new FaultException(Fault.INTEGRITY, "the snapshot's root names no pack");
        }
        try {
            PackId pack = PackId.of(address.getPack().toByteArray());
            return new TreeRoot(
                    new ChunkRef(pack, address.getOffset(), address.getStored(), address.getRaw(), address.getCheck()),
                    level);
        } catch (IllegalArgumentException e) {
            throw new FaultException(Fault.INTEGRITY, "the snapshot's root is out of bounds: " + e.getMessage(), e);
        }
    }
}
