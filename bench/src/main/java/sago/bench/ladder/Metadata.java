package sago.bench.ladder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;
import sago.common.id.Hash;
import sago.sender.backup.BackupMeans;
import sago.sender.pack.ChunkRef;
import sago.sender.source.SourceEntry;
import sago.sender.source.SourceListener;
import sago.sender.source.SourceRoots;
import sago.sender.source.SourceWalker;
import sago.sender.tree.ContentBuilder;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKind;
import sago.sender.tree.FileContent;
import sago.sender.tree.TreeBuilder;
import sago.sender.tree.TreeCacheWriter;

/**
 * What a backup does for each entry of a folder, beside the bytes of files: the walk and the tree, through the walker and the builder that a backup
 * uses. Entries are walked twice, the second time at nobody's expense, so that memory holds some of them only. Confined to one thread.
 */
final class Metadata {
    /** Asking for the time costs as much as half an entry: not for each. */
    private static final int ENTRIES_AT_ONCE = 1024;

    private final DurableFiles disk = new DurableFiles(Disk.real());
    private final SourceRoots roots;
    private final Set<Path> excluded;
    private final Costs costs;
    private @Nullable String trouble;

    /** An entry and the chunks of its file. */
    private record Found(Entry entry, List<ChunkRef> chunks) {}

    /** @param excluded folder to leave out if it lies in the source */
    Metadata(Path source, Path excluded, Costs costs) throws IOException {
        this.roots = SourceRoots.of(List.of(source));
        this.excluded = Set.of(excluded.toRealPath());
        this.costs = costs;
    }

    /** Walks everything. The files that hold something, in the order in which a backup reads them. */
    List<Path> walk() throws IOException, InterruptedException {
        List<Path> files = new ArrayList<>();
        SourceWalker walker = walker();
        List<SourceEntry> batch = new ArrayList<>();
        do {
            batch.clear();
            costs.measure(LadderStep.WALK, () -> fill(batch, walker));
            refuseTrouble();
            for (SourceEntry found : batch) {
                if (found.entry().kind() == EntryKind.FILE && found.entry().size() > 0) {
                    files.add(found.path());
                }
            }
        } while (!batch.isEmpty());
        return files;
    }

    /**
     * Makes the tree of everything, and the local copy of it that the next backup compares with.
     *
     * @param refs of the chunks of all files, in the order of {@link #walk}
     * @param copy file that does not exist yet
     */
    void makeTree(Iterator<ChunkRef> refs, NodeWriter nodes, Path copy) throws IOException, InterruptedException {
        SourceWalker walker = walker();
        List<SourceEntry> batch = new ArrayList<>();
        try (TreeCacheWriter cache = new TreeCacheWriter(disk, copy)) {
            TreeBuilder tree = new TreeBuilder(nodes);
            do {
                batch.clear();
                fill(batch, walker);
                refuseTrouble();
                List<Found> complete = new ArrayList<>();
                for (SourceEntry found : batch) {
                    complete.add(new Found(found.entry(), chunks(found, refs)));
                }
                costs.measure(LadderStep.TREE, () -> {
                    for (Found found : complete) {
                        Entry entry = withContent(found, nodes);
                        tree.add(entry);
                        cache.add(entry);
                    }
                });
            } while (!batch.isEmpty());
            costs.measure(LadderStep.TREE, () -> {
                tree.finish();
                nodes.finish();
                cache.publish(Hash.ZERO, 0);
            });
        }
    }

    private SourceWalker walker() throws IOException {
        return new SourceWalker(roots, excluded, new SourceListener() {
            @Override
            public void unreadable(Path path, String reason) {
                trouble = path + ": " + reason;
            }

            @Override
            public void vanished(Path path) {
                trouble = path + " vanished";
            }
        });
    }

    private void refuseTrouble() throws IOException {
        if (trouble != null) {
            throw new IOException("cannot measure with " + trouble);
        }
    }

    private static void fill(List<SourceEntry> batch, SourceWalker walker) {
        while (batch.size() < ENTRIES_AT_ONCE) {
            SourceEntry found = walker.next();
            if (found == null) {
                return;
            }
            batch.add(walker.withXattrs(found));
        }
    }

    private static List<ChunkRef> chunks(SourceEntry found, Iterator<ChunkRef> refs) throws IOException {
        List<ChunkRef> chunks = new ArrayList<>();
        long left = found.entry().size();
        while (left > 0 && refs.hasNext()) {
            ChunkRef ref = refs.next();
            chunks.add(ref);
            left -= ref.raw();
        }
        if (left != 0) {
            throw new IOException(found.path() + " was changed while it was measured with");
        }
        return chunks;
    }

    /** As workers do for a file that they read whole, and the thread of the tree for one that comes in regions. */
    private static Entry withContent(Found found, NodeWriter nodes) throws IOException, InterruptedException {
        Entry entry = found.entry;
        if (entry.kind() != EntryKind.FILE || entry.size() == 0) {
            return entry;
        }
        if (entry.size() <= BackupMeans.REGION_BYTES) {
            return entry.withContent(new FileContent(0, entry.size(), found.chunks));
        }
        ContentBuilder content = new ContentBuilder(nodes);
        for (ChunkRef ref : found.chunks) {
            content.add(ref);
        }
        return entry.withContent(content.finish());
    }
}
