package sago.sender.pack;

import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/** What a record holds. */
public enum ChunkKind {
    DATA(1),
    TREE(2),
    LIST(3);

    private final int wireId;

    ChunkKind(int wireId) {
        this.wireId = wireId;
    }

    public int wireId() {
        return wireId;
    }

    /** The kind that a record names. */
    public static ChunkKind ofWireId(int wireId) throws FaultException {
        return switch (wireId) {
            case 1 -> DATA;
            case 2 -> TREE;
            case 3 -> LIST;
            default ->
                throw new FaultException(
                        Fault.VERSION, "a chunk is of kind " + wireId + ": read it with a newer version");
        };
    }
}
