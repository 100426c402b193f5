package sago.sender.backup;

import java.util.List;
import java.util.Set;
import sago.sender.source.SourceFilter;
import sago.sender.source.SourceRoots;
import sago.sender.stream.ContentStream;
import sago.sender.tree.EntryKey;

/** What one backup reads. */
public sealed interface BackupSource {
    /** Absolute paths that the snapshot is of. */
    List<EntryKey> keys();

    /**
     * Files and folders.
     *
     * @param filter what is left out of them
     * @param images those among the roots that are images of disks: files or block devices, read whole in chunks of one length
     */
    record Paths(SourceRoots roots, SourceFilter filter, Set<EntryKey> images) implements BackupSource {
        public Paths {
            images = Set.copyOf(images);
        }

        @Override
        public List<EntryKey> keys() {
            return roots.keys();
        }
    }

    /**
     * One file that comes from a stream.
     *
     * @param key under which it stands in the snapshot
     * @param uid and {@code gid} own it
     * @param opener called for each scan of the source, of which there is mostly one
     */
    record Stream(EntryKey key, int uid, int gid, ContentStream.Opener opener) implements BackupSource {
        @Override
        public List<EntryKey> keys() {
            return List.of(key);
        }
    }
}
