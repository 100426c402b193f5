package sago.sender.tree;

/**
 * A stretch of a file that takes no space and reads as zeros.
 *
 * @param offset in the file
 * @param length at least 1
 */
public record Hole(long offset, long length) {
    public Hole {
        if (offset < 0 || length <= 0 || length > Long.MAX_VALUE - offset) {
            throw new IllegalArgumentException("hole of " + length + " bytes at " + offset);
        }
    }

    /** The offset after it. */
    public long end() {
        return offset + length;
    }
}
