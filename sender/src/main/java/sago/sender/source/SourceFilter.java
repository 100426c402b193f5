package sago.sender.source;

import java.util.List;
import sago.sender.pattern.Excludes;

/**
 * What a walk leaves out. Immutable.
 *
 * @param excludes by path
 * @param tags folders in which one of these is present keep only themselves and it
 * @param oneFileSystem stay on the file system of the root; of what is mounted below only the folder itself is kept
 */
public record SourceFilter(Excludes excludes, List<ExcludeTag> tags, boolean oneFileSystem) {
    /** Leaves out nothing. */
    public static final SourceFilter NONE = new SourceFilter(Excludes.NONE, List.of(), false);

    public SourceFilter {
        tags = List.copyOf(tags);
    }
}
