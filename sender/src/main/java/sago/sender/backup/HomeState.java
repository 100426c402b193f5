package sago.sender.backup;

import java.nio.file.Path;
import sago.common.durable.DurableFiles;
import sago.common.id.DatasetId;
import sago.sender.catalog.Catalog;
import sago.sender.index.ChunkIndex;

/**
 * What a home remembers between backups. The caller closes catalog and index after the run.
 *
 * @param treesFolder folder of the tree caches; must exist
 * @param checkpointFolder of the checkpoint of this dataset's backup to this site; need not exist
 */
public record HomeState(
        Catalog catalog, ChunkIndex index, DurableFiles files, Path treesFolder, Path checkpointFolder) {
    /** The cache of a dataset's last tree. */
    Path treeCache(DatasetId dataset) {
        return treesFolder.resolve(dataset + ".tree");
    }
}
