package sago.bench.data;

/** What stands in one file, from its begin to its end. Confined to one thread. */
interface Content {
    /** Writes the next bytes of the file into the block, all of it up to the length. */
    void fill(byte[] block, int length);
}
