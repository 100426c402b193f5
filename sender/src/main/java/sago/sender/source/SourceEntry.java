package sago.sender.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.sender.source.posix.PathBytes;
import sago.sender.tree.Entry;
import sago.sender.tree.Xattr;

/** Something found by the walk: its entry is complete but for the content of a file. Immutable. */
public final class SourceEntry {
    private final @Nullable Path path;
    private final Entry entry;

    private SourceEntry(@Nullable Path path, Entry entry) {
        this.path = path;
        this.entry = entry;
    }

    /** What lies where its key says. */
    static SourceEntry of(Entry entry) {
        return new SourceEntry(null, entry);
    }

    /** What lies at another path than its key says. */
    public static SourceEntry at(Path path, Entry entry) {
        return new SourceEntry(path, entry);
    }

    /** The same with extended attributes, ascending by name. */
    public SourceEntry withXattrs(List<Xattr> ascending) {
        return new SourceEntry(path, entry.withXattrs(ascending));
    }

    public Entry entry() {
        return entry;
    }

    /** Where it is; made when asked for, because most entries of most runs need none. */
    public Path path() {
        return path == null ? PathBytes.toPath(entry.key().path()) : path;
    }

    /** The same, byte for byte. */
    byte[] pathBytes() {
        return path == null ? entry.key().path() : PathBytes.of(path);
    }

    /** Opens the file for reading; refuses a link, or anything else of another kind, that has taken its place since the walk saw it. */
    public SourceFile open() throws IOException {
        return SourceFile.open(this);
    }

    @Override
    public String toString() {
        return entry.toString();
    }
}
