package sago.bench.ladder;

import java.util.Locale;

/** The steps of a backup that cost by the byte, from the file to the disk of the site. */
enum LadderStep {
    /** Opening, reading and closing files, from the page cache where they are there. */
    READ,
    /** Finding cut points. */
    CHUNK,
    /** Naming chunks. */
    ID,
    /** Looking chunks up and noting them. */
    INDEX,
    COMPRESS,
    /** Copying what is stored into segments. */
    PACK,
    SEAL,
    /** The Merkle tree at home. */
    MERKLE,
    /** Frames, TLS and sockets of both ends. */
    TRANSPORT,
    /** The Merkle tree at the site. */
    SITE_HASH,
    /** Writing and forcing pack files. */
    STORE;

    /** As result files name it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
