package sago.bench.ladder;

import java.util.Locale;

/** The steps of a backup, from the file to the disk of the site; the first and the last cost by the entry, the others by the byte. */
enum LadderStep {
    /** Listing folders, and reading the attributes of everything in them. */
    WALK,
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
    STORE,
    /** Encoding entries, the nodes of the tree up to their sealed slices, and the local copy of the tree. */
    TREE;

    /** As result files name it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
