package sago.sender.node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sago.sender.backup.BackupListener;
import sago.sender.backup.BackupOutcome;
import sago.sender.backup.DryRun;
import sago.sender.tree.TreeCacheReader;

/** A dry run with what it needs of a home, in which it changes nothing: not even a lock is taken. Stateless. */
public final class DryJob {
    private DryJob() {}

    /** What no backup of this home holds. */
    public static Set<Path> excluded(HomeNode node) throws IOException {
        return Set.of(node.context().folder().toRealPath());
    }

    /** Looks beside the last tree of the dataset, if there is one. */
    public static BackupOutcome look(HomeNode node, String dataset, DryRun run, BackupListener listener)
            throws IOException, InterruptedException {
        if (!node.sender().datasetNames().contains(dataset)) {
            return run.look(null);
        }
        Path cache = node.state().tree(node.sender().dataset(dataset).dataset());
        try (@Nullable
                TreeCacheReader last = TreeCacheReader.open(node.context().files(), cache, listener::warning)) {
            return run.look(last);
        }
    }
}
