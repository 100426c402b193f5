package sago.sender.compress;

import java.util.Locale;

/** What whoever starts a backup asks for. */
public enum Compression {
    /** LZ4 while the cores hold the backup back, zstd while the way to the site does. */
    AUTO,
    LZ4,
    ZSTD,
    NONE;

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
