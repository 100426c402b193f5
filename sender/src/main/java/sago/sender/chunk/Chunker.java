package sago.sender.chunk;

/** Decides where chunks end. Immutable; any thread. */
public interface Chunker {
    /** The longest chunk. */
    int maxBytes();

    /**
     * Length of the chunk that begins at {@code offset}. Borrows the bytes.
     *
     * @param length bytes from there on: at least the maximum, or all that is left of the file
     */
    int cut(byte[] bytes, int offset, int length);
}
