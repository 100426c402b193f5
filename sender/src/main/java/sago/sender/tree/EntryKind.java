package sago.sender.tree;

import org.jspecify.annotations.Nullable;

/** What an entry is, with its id in the format and the file type bits of {@code st_mode}. */
public enum EntryKind {
    FILE(1, 0100000),
    DIRECTORY(2, 0040000),
    SYMLINK(3, 0120000),
    FIFO(4, 0010000),
    SOCKET(5, 0140000),
    CHARACTER_DEVICE(6, 0020000),
    BLOCK_DEVICE(7, 0060000);

    private static final int TYPE_MASK = 0170000;

    private final int wireId;
    private final int typeBits;

    EntryKind(int wireId, int typeBits) {
        this.wireId = wireId;
        this.typeBits = typeBits;
    }

    public int wireId() {
        return wireId;
    }

    /** File type bits of {@code st_mode}. */
    public int typeBits() {
        return typeBits;
    }

    /** The kind with this id, or null if there is none. */
    public static @Nullable EntryKind ofWireId(int wireId) {
        for (EntryKind kind : values()) {
            if (kind.wireId == wireId) {
                return kind;
            }
        }
        return null;
    }

    /** The kind that {@code st_mode} names, or null if it names none. */
    public static @Nullable EntryKind ofMode(int mode) {
        for (EntryKind kind : values()) {
            if (kind.typeBits == (mode & TYPE_MASK)) {
                return kind;
            }
        }
        return null;
    }
}
