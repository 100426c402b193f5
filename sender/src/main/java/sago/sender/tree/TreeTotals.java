package sago.sender.tree;

/**
 * What a tree holds.
 *
 * @param others everything that is neither a file nor a folder
 * @param bytes sum of the files' sizes
 */
public record TreeTotals(long files, long directories, long others, long bytes) {
    public static final TreeTotals NONE = new TreeTotals(0, 0, 0, 0);

    public long entries() {
        return files + directories + others;
    }

    /** These and one more entry. */
    public TreeTotals plus(Entry entry) {
        return switch (entry.kind()) {
            case FILE -> new TreeTotals(files + 1, directories, others, bytes + entry.size());
            case DIRECTORY -> new TreeTotals(files, directories + 1, others, bytes);
            case SYMLINK, FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE ->
                new TreeTotals(files, directories, others + 1, bytes);
        };
    }
}
