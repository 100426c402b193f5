package sago.sender.keys;

import java.nio.charset.StandardCharsets;

/** Kinds of files that {@link RecordFiles} reads and writes, each with the 4 letters that stand in its header and its bound. */
enum RecordKind {
    VAULT("VALT", 8 << 20),
    IDENTITY("IDEN", 64 << 10),
    SITE("SITE", 64 << 10),
    /** With the public keys, 2 KB each, of some hundred senders. */
    DATASET("DATA", 1 << 20),
    MOVED("MOVE", 4 << 10),
    KEYRING("KEYR", 1 << 20),
    BUNDLE("BUND", 32 << 20);

    private final String letters;
    private final int bytesMax;

    RecordKind(String letters, int bytesMax) {
        this.letters = letters;
        this.bytesMax = bytesMax;
    }

    byte[] magic() {
        return ("SAGO" + letters).getBytes(StandardCharsets.US_ASCII);
    }

    int bytesMax() {
        return bytesMax;
    }
}
