package sago.sender.source;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import sago.sender.tree.Entry;

/**
 * Something found by the walk.
 *
 * @param path where it is; byte for byte the entry's key
 * @param entry complete but for the content of a file
 */
public record SourceEntry(Path path, Entry entry) {
    /** Opens the file for reading; refuses a link that has taken its place since the walk saw it. */
    public FileChannel open() throws IOException {
        return FileChannel.open(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }
}
