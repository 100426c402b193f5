package sago.receiver.journal;

import org.jspecify.annotations.Nullable;

/** What a record says; its payload is the message of {@code sago/journal.proto} of that name. Immutable. */
public enum RecordType {
    SITE_GRANT(1),
    KEYRING(2),
    SESSION(3),
    PACK(4),
    COMMIT(5),
    GRANT(6),
    ORDER(7),
    SWEEP(8);

    private final int id;

    RecordType(int id) {
        this.id = id;
    }

    /** Stable id in the file. */
    int id() {
        return id;
    }

    static @Nullable RecordType ofId(int id) {
        for (RecordType type : values()) {
            if (type.id == id) {
                return type;
            }
        }
        return null;
    }
}
