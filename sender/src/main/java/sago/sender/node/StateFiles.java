package sago.sender.node;

import java.nio.file.Path;
import sago.common.id.DatasetId;

/**
 * Names of the files that can be rebuilt from a site, in {@code sender/} or in a folder that is on its way there.
 *
 * <pre>
 * FOLDER/catalog.db
 * FOLDER/index/DATASET/
 * FOLDER/trees/DATASET.tree
 * </pre>
 */
record StateFiles(Path folder) {
    static final String TREE_SUFFIX = ".tree";

    Path catalog() {
        return folder.resolve("catalog.db");
    }

    Path indexFolder() {
        return folder.resolve("index");
    }

    Path index(DatasetId dataset) {
        return indexFolder().resolve(dataset.toString());
    }

    Path treesFolder() {
        return folder.resolve("trees");
    }

    Path tree(DatasetId dataset) {
        return treesFolder().resolve(dataset + TREE_SUFFIX);
    }
}
