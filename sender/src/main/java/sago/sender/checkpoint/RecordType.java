package sago.sender.checkpoint;

import org.jspecify.annotations.Nullable;

/** What a record says, with its id in the format. */
enum RecordType {
    RUN(1),
    SEALED(2),
    ACKNOWLEDGED(3),
    FILES(4),
    REGION(5),
    MERGED(6),
    MERGED_END(7);

    private final int wireId;

    RecordType(int wireId) {
        this.wireId = wireId;
    }

    int wireId() {
        return wireId;
    }

    /** The type with this id, or null if there is none. */
    static @Nullable RecordType ofWireId(int wireId) {
        for (RecordType type : values()) {
            if (type.wireId == wireId) {
                return type;
            }
        }
        return null;
    }
}
