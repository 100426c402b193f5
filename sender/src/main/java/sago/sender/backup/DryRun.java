package sago.sender.backup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.sender.source.SourceEntry;
import sago.sender.source.SourceFile;
import sago.sender.source.SourceWalker;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKind;
import sago.sender.tree.TreeCacheReader;

/** Walks the source as a backup would, beside the last tree, and reads nothing of it. Confined to one thread, which may be interrupted. */
public final class DryRun {
    private final BackupSource.Paths source;
    private final Set<Path> excluded;
    private final SourceTrouble trouble;
    private final BackupCounters counters = new BackupCounters();

    /** @param excluded absolute real paths that are left out of every backup */
    public DryRun(BackupSource.Paths source, Set<Path> excluded, BackupListener listener) {
        this.source = source;
        this.excluded = Set.copyOf(excluded);
        this.trouble = new SourceTrouble(counters, listener);
    }

    /** What a backup would find now. It may read more than what is modified: files whose packs the site has lost. */
    public BackupOutcome look(@Nullable TreeCacheReader lastTree) throws FaultException, InterruptedException {
        SourceWalker walker = new SourceWalker(source.roots(), source.filter(), excluded, trouble);
        for (SourceEntry found = walker.next(); found != null; found = walker.next()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            look(found, lastTree);
        }
        return counters.outcome();
    }

    private void look(SourceEntry found, @Nullable TreeCacheReader lastTree) throws FaultException {
        Entry entry = found.entry();
        Entry last = lastTree == null ? null : lastTree.find(entry.key());
        boolean device =
                entry.kind() == EntryKind.BLOCK_DEVICE && source.images().contains(entry.key());
        if (entry.kind() != EntryKind.FILE && !device) {
            return;
        }
        try (SourceFile open = found.open()) {
            if (last == null || lastTree == null) {
                count(counters.filesNew, counters.bytesNew, open.size());
            } else if (entry.isUnchangedSince(last, lastTree.scanStartMs())) {
                count(counters.filesUnchanged, counters.bytesUnchanged, open.size());
            } else {
                count(counters.filesModified, counters.bytesModified, open.size());
            }
        } catch (IOException e) {
            trouble.lost(found.path(), e);
        }
    }

    private static void count(LongAdder files, LongAdder bytes, long size) {
        files.increment();
        bytes.add(size);
    }
}
