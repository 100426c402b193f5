package sago.sender.tree;

/**
 * A stretch of a file without a hole in it.
 *
 * @param offset in the file
 * @param length in bytes
 */
public record Extent(long offset, long length) {}
