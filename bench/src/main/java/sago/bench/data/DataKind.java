package sago.bench.data;

import java.util.Locale;

/** What kinds of data there are. */
public enum DataKind {
    /** Folders like those of an operating system: many small files of text and programs, a few large ones, symbolic links. */
    TREE(4_000_000_000L, 54_054),
    /** Access logs in files of up to 256 MB. */
    LOGS(4_000_000_000L, 0),
    /** Incompressible files of up to 256 MB. */
    RANDOM(4_000_000_000L, 0),
    /** Small files of 8 KiB on average. */
    SMALL(100_000L * 8192, 8192),
    /** One incompressible file, like an image of an encrypted disk. */
    IMAGE(4_000_000_000L, 0);

    private final long defaultBytes;
    private final int bytesPerEntry;

    DataKind(long defaultBytes, int bytesPerEntry) {
        this.defaultBytes = defaultBytes;
        this.bytesPerEntry = bytesPerEntry;
    }

    /** Plaintext bytes where nobody says how many. */
    long defaultBytes() {
        return defaultBytes;
    }

    /** Mean plaintext bytes of an entry; 0 for kinds whose size is not given in entries. */
    int bytesPerEntry() {
        return bytesPerEntry;
    }

    /** As it stands on command lines. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
