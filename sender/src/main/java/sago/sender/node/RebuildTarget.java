package sago.sender.node;

import java.nio.file.Path;
import sago.sender.catalog.Catalog;
import sago.sender.index.ChunkIndex;

/**
 * Where a rebuild writes. Nobody else has these open.
 *
 * @param catalog takes everything about the dataset at the site; what it said of that before is forgotten
 * @param index of the dataset; chunks are added to it
 * @param treeCache the file of the dataset's last tree, replaced when it is complete
 */
public record RebuildTarget(Catalog catalog, ChunkIndex index, Path treeCache) {}
