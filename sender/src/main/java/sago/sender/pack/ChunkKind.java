package sago.sender.pack;

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
}
