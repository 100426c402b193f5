package sago.sender.backup;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.sender.chunk.Chunker;
import sago.sender.pack.ChunkRef;
import sago.sender.source.SourceEntry;
import sago.sender.source.SourceFile;
import sago.sender.tree.Extent;
import sago.sender.tree.FileContent;
import sago.sender.tree.Holes;

/** Stores files, and sorts out what can go wrong with one of them. Confined to one worker. */
final class FileStore {
    private final FileReader reader;
    private final Chunker chunker;
    private final BackupCounters counters;
    private final SourceTrouble trouble;

    /** @param chunker of files that are read whole */
    FileStore(FileReader reader, Chunker chunker, BackupCounters counters, SourceTrouble trouble) {
        this.reader = reader;
        this.chunker = chunker;
        this.counters = counters;
        this.trouble = trouble;
    }

    /** What was read of a file, and whether it is not what the walk saw any more. */
    record Stored(FileContent content, Holes holes, boolean changed) {}

    /**
     * A small file, or null if it is gone or cannot be read, which is then counted and told.
     *
     * @throws FaultException when the session cannot go on
     */
    @Nullable
    Stored store(SourceEntry file) throws FaultException, InterruptedException {
        counters.filesOpened.increment();
        try (SourceFile open = file.open()) {
            long size = file.entry().size();
            Holes holes = open.holes(size);
            counters.bytesHoles.add(holes.bytes());
            List<ChunkRef> chunks = reader.read(open.channel(), holes.extents(0, size - holes.bytes()), chunker);
            boolean changed = !open.isAsWalked();
            if (changed) {
                trouble.changed(file.path());
            }
            FileContent content = new FileContent(0, Checkpoint.bytes(chunks), chunks);
            // Of a file that has become shorter the tree says what was read.
            Holes known = content.bytes() + holes.bytes() == size ? holes : holes.before(content.bytes());
            return new Stored(content, known, changed);
        } catch (FaultException e) {
            throw e;
        } catch (ClosedByInterruptException e) {
            throw interrupted(e);
        } catch (IOException e) {
            trouble.lost(file.path(), e);
            return null;
        }
    }

    /**
     * The chunks of a region of a large file, or null if the file is gone or cannot be read, which is then counted and told once.
     *
     * @throws FaultException when the session cannot go on
     */
    @Nullable
    List<ChunkRef> store(LargeFile file, List<Extent> extents) throws FaultException, InterruptedException {
        counters.filesOpened.increment();
        try (SourceFile open = file.source().open()) {
            List<ChunkRef> chunks = reader.read(open.channel(), extents, file.chunker());
            if (!open.isAsWalked() && file.change()) {
                trouble.changed(file.source().path());
            }
            return chunks;
        } catch (FaultException e) {
            throw e;
        } catch (ClosedByInterruptException e) {
            throw interrupted(e);
        } catch (IOException e) {
            if (file.lose()) {
                trouble.lost(file.source().path(), e);
            }
            return null;
        }
    }

    /** Chunks that were read and cut already. */
    List<ChunkRef> store(StreamPiece.Cuts cuts) throws FaultException, InterruptedException {
        return reader.store(cuts);
    }

    private static InterruptedException interrupted(ClosedByInterruptException e) {
        return (InterruptedException) new InterruptedException("while reading a file").initCause(e);
    }
}
