package sago.sender.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.durable.DurableFiles;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.pack.PackEntry;
import sago.sender.pack.PackedChunk;

/** Counts what a checkpoint holds, without changing anything. Confined to one thread. */
final class StateReader implements ReplaySink {
    private static final Logger LOG = LoggerFactory.getLogger(StateReader.class);

    private long sealed;
    private long acknowledged;

    private StateReader() {}

    static Optional<CheckpointState> read(Path folder, DurableFiles files) {
        StateReader counts = new StateReader();
        try (Survey survey = Survey.of(folder, files, counts)) {
            if (!survey.foundAnything()) {
                return Optional.empty();
            }
            Records.Totals totals = survey.runs().isEmpty() ? survey.mergedTotals() : totals(survey);
            return Optional.of(new CheckpointState(
                    totals.files(), totals.bytes(), counts.sealed, counts.acknowledged, lastWriteMs(folder, files)));
        } catch (FaultException e) {
            LOG.warn("{}", e.getMessage());
            return Optional.empty();
        }
    }

    private static Records.Totals totals(Survey survey) throws FaultException {
        Merge merge = new Merge(survey.cursors());
        long fileCount = 0;
        long bytes = 0;
        for (@Nullable FinishedItem item = merge.next(); item != null; item = merge.next()) {
            fileCount += item.isWhole() ? 1 : 0;
            bytes += item.bytes();
        }
        return new Records.Totals(fileCount, bytes);
    }

    private static long lastWriteMs(Path folder, DurableFiles files) {
        List<Path> generations = Survey.generations(folder, files);
        long last = 0;
        for (Path generation : generations) {
            try {
                last = Math.max(
                        last,
                        Files.getLastModifiedTime(generation.resolve(OneFileCycle.FILE))
                                .toMillis());
            } catch (IOException goneMeanwhile) {
                LOG.debug("no file in {}", generation);
            }
        }
        return last;
    }

    @Override
    public void sealed(SessionId session, PackEntry entry, List<PackedChunk> chunks) {
        sealed++;
    }

    @Override
    public void acknowledged(PackId pack, long keepUntil) {
        acknowledged++;
    }
}
