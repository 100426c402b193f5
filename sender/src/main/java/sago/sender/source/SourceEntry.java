package sago.sender.source;

import java.io.IOException;
import java.nio.file.Path;
import sago.sender.tree.Entry;

/**
 * Something found by the walk.
 *
 * @param path where it is; byte for byte the entry's key
 * @param entry complete but for the content of a file
 */
public record SourceEntry(Path path, Entry entry) {
    /** Opens the file for reading; refuses a link, or anything else of another kind, that has taken its place since the walk saw it. */
    public SourceFile open() throws IOException {
        return SourceFile.open(this);
    }
}
