package sago.sender.restore;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.jspecify.annotations.Nullable;
import sago.common.durable.NoSpace;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.ChunkSource;
import sago.sender.source.posix.FileStatus;
import sago.sender.source.posix.OpenNode;
import sago.sender.tree.ContentCursor;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKind;
import sago.sender.tree.TreeReader;

/**
 * Restores files of one worker each. What is there is compared chunk by chunk; from the first difference on a new file is written beside
 * it, with the equal part copied, and takes its place when it is complete. Thread-safe.
 */
final class FileRestore {
    private final ChunkSource chunks;
    private final TreeReader tree;
    private final TargetFiles targets;
    private final Metadata metadata;
    private final Existing existing;
    private final RestoreCounters counters;

    FileRestore(ChunkSource chunks, TreeReader tree, TargetFiles targets, Metadata metadata, Existing existing) {
        this.chunks = chunks;
        this.tree = tree;
        this.targets = targets;
        this.metadata = metadata;
        this.existing = existing;
        this.counters = existing.counters();
    }

    RestoreCounters counters() {
        return counters;
    }

    Metadata metadata() {
        return metadata;
    }

    /** Starts a large file that is written by several workers; null where it needs none, or only one. */
    @Nullable
    MultipartFile begin(Entry file, long largeBytes) throws IOException {
        try (TargetFiles.Place place = targets.place(file.key())) {
            FileStatus status = place.status();
            Existing.Verdict verdict = existing.verdict(file, status);
            FileData data = new FileData(chunks, file);
            if (status == null || verdict == Existing.Verdict.REPLACE) {
                return MultipartFile.anew(file, data, targets.draft(file.key()), status != null, this);
            }
            if (verdict != Existing.Verdict.COMPARE) {
                return null;
            }
            if (status.links() == 1 && status.size() >= largeBytes) {
                OpenNode node = openToWrite(place);
                return node == null ? null : MultipartFile.over(file, data, node, this);
            }
            return status.size() == file.size()
                    ? null
                    : MultipartFile.anew(file, data, targets.draft(file.key()), true, this);
        }
    }

    private static @Nullable OpenNode openToWrite(TargetFiles.Place place) throws IOException {
        OpenNode node;
        try {
            node = place.parent().folder.openToWrite(place.name().bytes);
        } catch (AccessDeniedException e) {
            return null;
        }
        FileStatus status = node.status();
        if (TargetFiles.isKind(status, EntryKind.FILE) && status.links() == 1) {
            return node;
        }
        node.close();
        return null;
    }

    /** Restores one file. */
    void restore(Entry file) throws IOException, InterruptedException {
        try (TargetFiles.Place place = targets.place(file.key())) {
            FileStatus status = place.status();
            switch (existing.verdict(file, status)) {
                case KEEP -> counters.count(RestoreAction.KEEP, file.key());
                case EQUAL -> finishEqual(place, file);
                case COMPARE -> compare(place, file);
                case REPLACE -> write(file, null, status != null);
            }
        } catch (IOException e) {
            report(file, e);
        }
    }

    /** By size and time it is the same: only its metadata may differ. */
    private void finishEqual(TargetFiles.Place place, Entry file) throws IOException, InterruptedException {
        if (targets.applyHere(place, file, metadata)) {
            counters.bytes.add(file.size());
            counters.count(RestoreAction.UNCHANGED, file.key());
        } else {
            write(file, null, true);
        }
    }

    private void compare(TargetFiles.Place place, Entry file) throws IOException, InterruptedException {
        OpenNode node;
        try {
            node = place.parent().folder.openToRead(place.name().bytes);
        } catch (AccessDeniedException e) {
            write(file, null, true);
            return;
        }
        try (node) {
            if (TargetFiles.isKind(node.status(), EntryKind.FILE)) {
                write(file, node, true);
            } else {
                write(file, null, true);
            }
        }
    }

    private void write(Entry file, @Nullable OpenNode there, boolean isUpdate)
            throws IOException, InterruptedException {
        FileData data = new FileData(chunks, file);
        ContentCursor content = tree.content(file.content());
        // Equal so far; whatever is longer or shorter in the end is not.
        boolean isEqual = there != null && there.status().size() == file.size();
        TargetFiles.@Nullable Draft draft = isEqual ? null : targets.draft(file.key());
        try {
            long offset = 0;
            for (ChunkRef ref = content.next(); ref != null; ref = content.next()) {
                byte[] bytes = there == null ? null : data.found(there, ref, offset);
                if (bytes == null && draft == null) {
                    draft = targets.draft(file.key());
                    data.copyStart(opened(there), draft.node(), offset);
                }
                if (draft != null) {
                    if (bytes == null) {
                        data.fetch(ref, draft.node(), offset);
                    } else {
                        data.write(draft.node(), offset, bytes);
                    }
                    counters.written.add(ref.raw());
                }
                offset += ref.raw();
                counters.bytes.add(ref.raw());
            }
            if (draft == null && !isFinished(data, file, opened(there))) {
                draft = targets.draft(file.key());
                data.copyStart(opened(there), draft.node(), offset);
            }
            if (draft == null) {
                counters.count(RestoreAction.UNCHANGED, file.key());
            } else {
                draft.publish(file, metadata);
                counters.count(isUpdate ? RestoreAction.UPDATE : RestoreAction.CREATE, file.key());
            }
        } finally {
            if (draft != null) {
                draft.close();
            }
        }
    }

    private static OpenNode opened(@Nullable OpenNode node) {
        if (node == null) {
            throw new IllegalStateException("compared with nothing");
        }
        return node;
    }

    /** The bytes are right: whether holes and metadata are, too, or can be made so without touching a name outside the target. */
    private boolean isFinished(FileData data, Entry file, OpenNode there) throws IOException, InterruptedException {
        if (!data.hasZerosInHoles(there)) {
            return false;
        }
        FileStatus now = there.status();
        if (now.links() > 1) {
            return file.attributes().identity().links() > 1 && metadata.isRight(there, file, now);
        }
        boolean punched = false;
        if (!file.holes().isEmpty()) {
            try (TargetFiles.Place place = targets.place(file.key());
                    OpenNode writable = place.parent().folder.openToWrite(place.name().bytes)) {
                punched = isSame(now, writable.status()) && data.punchHoles(writable);
            } catch (IOException e) {
                // It takes more room than it need, which is all.
                punched = true;
            }
        }
        metadata.apply(there, file, punched ? there.status() : now);
        return true;
    }

    private static boolean isSame(FileStatus one, FileStatus other) {
        return one.inode() == other.inode() && one.device() == other.device();
    }

    /**
     * Decides what a failure means: damage and trouble with one entry are counted and the run goes on; a lost connection, a stop or a
     * full disk end it.
     */
    void report(Entry entry, IOException e) throws IOException {
        if (e instanceof FaultException fault) {
            if (fault.fault() != Fault.INTEGRITY) {
                throw fault;
            }
            counters.damage(entry.key(), String.valueOf(fault.getMessage()));
            return;
        }
        String message = String.valueOf(e.getMessage());
        if (Thread.currentThread().isInterrupted()) {
            throw new FaultException(Fault.INTERRUPTED, "stopped before it was done", e);
        }
        if (NoSpace.is(e)) {
            throw new FaultException(
                    Fault.DISK, "the target has no room left: free some and run the same command again", e);
        }
        counters.fail(entry.key(), message);
    }
}
