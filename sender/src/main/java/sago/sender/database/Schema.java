package sago.sender.database;

import java.util.List;

/**
 * What a database file must hold.
 *
 * @param steps statements that lead from each {@code user_version} to the next, from an empty file on; what is released is never changed
 * @param forced whether every transaction survives a power loss; otherwise the last ones may be lost, but never a part of one
 * @param cacheBytes page cache of each connection
 * @param cure what to do where the file is damaged: ends the message that says so
 */
public record Schema(List<List<String>> steps, boolean forced, long cacheBytes, String cure) {
    public Schema {
        steps = steps.stream().map(List::copyOf).toList();
        if (cacheBytes < 0) {
            throw new IllegalArgumentException("page cache of " + cacheBytes + " bytes");
        }
    }

    int version() {
        return steps.size();
    }
}
