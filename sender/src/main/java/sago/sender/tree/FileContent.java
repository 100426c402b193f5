package sago.sender.tree;

import java.util.List;
import sago.common.limits.Limits;
import sago.sender.pack.ChunkRef;

/**
 * Where the bytes of a file lie. Immutable; made by {@link ContentBuilder}, read by {@link ContentCursor}.
 *
 * @param listLevel 0: the references are the file's chunks; n: they are lists of references of level n - 1
 * @param bytes length of the file
 * @param refs in file order, at most {@link Limits#ENTRY_REFS_MAX}
 */
public record FileContent(int listLevel, long bytes, List<ChunkRef> refs) {
    /** No bytes at all. */
    public static final FileContent EMPTY = new FileContent(0, 0, List.of());

    public FileContent {
        refs = List.copyOf(refs);
        if (listLevel < 0 || listLevel > Limits.LIST_LEVELS_MAX || refs.size() > Limits.ENTRY_REFS_MAX) {
            throw new IllegalArgumentException(refs.size() + " references of level " + listLevel);
        }
        if (bytes < 0 || (bytes == 0) != refs.isEmpty()) {
            throw new IllegalArgumentException(bytes + " bytes in " + refs.size() + " references");
        }
        if (listLevel == 0 && bytes != sum(refs)) {
            throw new IllegalArgumentException(bytes + " bytes in chunks of " + sum(refs));
        }
    }

    private static long sum(List<ChunkRef> refs) {
        long sum = 0;
        for (ChunkRef ref : refs) {
            sum += ref.raw();
        }
        return sum;
    }
}
