package sago.sender.checkpoint;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.durable.DiskFile;
import sago.common.durable.DurableFiles;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;
import sago.sender.checkpoint.JournalRecord.Place;
import sago.sender.pack.PackedChunk;

/**
 * One walk over all records that the runs before left in a folder: tells those of packs, and notes where those of files stand. Each run that
 * wrote anything has a queue of its own in a folder of eight digits. In each file everything behind the first bad record is
 * left out. Confined to one thread.
 */
final class Survey implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Survey.class);
    private static final Pattern GENERATION = Pattern.compile("[0-8][0-9]{7}");

    private final Path folder;
    private final DurableFiles files;
    private final ReplaySink sink;
    private final List<DiskFile> opened = new ArrayList<>();
    private final List<Stretch> runs = new ArrayList<>();
    private @Nullable Stretch merged;
    private Records.Totals mergedTotals = new Records.Totals(0, 0);
    private boolean anything;

    private Survey(Path folder, DurableFiles files, ReplaySink sink) {
        this.folder = folder;
        this.files = files;
        this.sink = sink;
    }

    /** Walks over everything; a fault is the sink's, or INTERRUPTED. */
    static Survey of(Path folder, DurableFiles files, ReplaySink sink) throws FaultException {
        Survey survey = new Survey(folder, files, sink);
        try {
            for (Path generation : generations(folder, files)) {
                survey.read(generation.resolve(OneFileCycle.FILE));
            }
            return survey;
        } catch (FaultException | RuntimeException e) {
            survey.close();
            throw e;
        }
    }

    /** Folders of the runs before, oldest first. */
    static List<Path> generations(Path folder, DurableFiles files) {
        try {
            List<Path> found = new ArrayList<>();
            if (files.disk().isFolder(folder)) {
                for (String name : files.list(folder)) {
                    if (GENERATION.matcher(name).matches()) {
                        found.add(folder.resolve(name));
                    }
                }
            }
            return List.copyOf(found.subList(Math.max(0, found.size() - Limits.CHECKPOINT_RUNS_MAX), found.size()));
        } catch (IOException e) {
            LOG.warn("the checkpoint in {} cannot be read ({}): files are read again", folder, e.getMessage());
            return List.of();
        }
    }

    /** Where the next run writes. */
    static Path nextGeneration(Path folder, DurableFiles files) {
        List<Path> before = generations(folder, files);
        int last = before.isEmpty()
                ? 0
                : Integer.parseInt(before.get(before.size() - 1).getFileName().toString());
        return folder.resolve(String.format("%08d", last + 1));
    }

    private void read(Path path) throws FaultException {
        DiskFile file;
        try {
            file = files.disk().openRead(path);
        } catch (NoSuchFileException goneMeanwhile) {
            return;
        } catch (ClosedByInterruptException e) {
            throw new FaultException(Fault.INTERRUPTED, "reading the checkpoint was interrupted", e);
        } catch (IOException e) {
            LOG.warn("the checkpoint {} cannot be read ({}): its files are read again", path, e.getMessage());
            return;
        }
        opened.add(file);
        FileSurvey records = new FileSurvey(file);
        if (!records.walk()) {
            LOG.warn("the checkpoint {} is damaged: what stands behind {} bytes is not used", path, records.position());
        }
    }

    /** One file. */
    private final class FileSurvey {
        private final DiskFile file;
        private final RecordReader reader;
        private Records.@Nullable Run run;
        private @Nullable Place start;
        private boolean merging;
        private @Nullable SealedPack pack;

        FileSurvey(DiskFile file) {
            this.file = file;
            this.reader = new RecordReader(file, new Place(0, 0));
        }

        /** Returns false where it ended at damage. */
        boolean walk() throws FaultException {
            boolean whole = true;
            Place end = reader.place();
            for (JournalRecord record = reader.next(); whole && record != null; record = reader.next()) {
                whole = take(record);
                end = whole ? reader.place() : end;
                anything |= whole;
            }
            endStretch(end.position());
            return whole && !reader.damaged();
        }

        long position() {
            return reader.place().position();
        }

        private boolean take(JournalRecord record) throws FaultException {
            return switch (record.type()) {
                case RUN -> run(record);
                case SEALED -> sealed(attempt(() -> Records.sealed(record.payload())));
                case ACKNOWLEDGED -> acknowledged(attempt(() -> Records.acknowledged(record.payload())));
                case FILES, REGION -> start != null;
                case MERGED -> merged(record);
                case MERGED_END -> mergedEnd(record);
            };
        }

        private boolean run(JournalRecord record) {
            endStretch(record.place().position());
            run = attempt(() -> Records.run(record.payload()));
            start = reader.place();
            return run != null;
        }

        private boolean merged(JournalRecord record) {
            endStretch(record.place().position());
            start = reader.place();
            merging = true;
            return true;
        }

        private boolean mergedEnd(JournalRecord record) {
            Records.Totals totals = attempt(() -> Records.mergedEnd(record.payload()));
            if (!merging || start == null || totals == null) {
                return false;
            }
            merged = new Stretch(file, start, record.place().position(), null);
            mergedTotals = totals;
            runs.clear();
            merging = false;
            start = null;
            return true;
        }

        private void endStretch(long end) {
            if (run != null && start != null && end > start.position()) {
                runs.add(new Stretch(file, start, end, run));
            }
            run = null;
            start = null;
            merging = false;
        }

        private boolean sealed(Records.@Nullable Sealed part) throws FaultException {
            if (part == null) {
                return false;
            }
            SealedPack open = part.first() == 0 ? new SealedPack(part, new ArrayList<>()) : pack;
            if (open == null || !open.add(part)) {
                return false;
            }
            pack = open;
            if (open.chunks.size() == part.total()) {
                pack = null;
                sink.sealed(part.session(), part.entry(), List.copyOf(open.chunks));
            }
            return true;
        }

        private boolean acknowledged(Records.@Nullable Acknowledged record) throws FaultException {
            if (record == null) {
                return false;
            }
            sink.acknowledged(record.pack(), record.keepUntil());
            return true;
        }
    }

    /** A pack whose chunks came in part. */
    private record SealedPack(Records.Sealed head, List<PackedChunk> chunks) {
        boolean add(Records.Sealed part) {
            boolean fits = part.entry().equals(head.entry())
                    && part.total() == head.total()
                    && part.first() == chunks.size()
                    && part.first() + part.chunks().size() <= part.total();
            if (fits) {
                chunks.addAll(part.chunks());
            }
            return fits;
        }
    }

    private interface Parser<T> {
        T parse() throws FaultException;
    }

    /** What a record says, or null where it says nothing that can be meant. */
    private static <T> @Nullable T attempt(Parser<T> parser) {
        try {
            return parser.parse();
        } catch (FaultException e) {
            return null;
        }
    }

    /** The last complete sum of finished files, or null. */
    @Nullable
    Stretch merged() {
        return merged;
    }

    Records.Totals mergedTotals() {
        return mergedTotals;
    }

    /** Scans after that sum, oldest first; if there are too many, the oldest are left out. */
    List<Stretch> runs() {
        return List.copyOf(runs.subList(Math.max(0, runs.size() - Limits.CHECKPOINT_RUNS_MAX), runs.size()));
    }

    /** Whether there was any record. */
    boolean foundAnything() {
        return anything;
    }

    /** Finished files, from the oldest to the newest. */
    List<FinishedCursor> cursors() {
        List<FinishedCursor> cursors = new ArrayList<>();
        if (merged != null) {
            cursors.add(new MergedCursor(merged));
        }
        for (Stretch run : runs()) {
            cursors.add(new RunCursor(run));
        }
        return cursors;
    }

    @Override
    public void close() {
        for (DiskFile file : opened) {
            try {
                file.close();
            } catch (IOException e) {
                LOG.warn("a file of the checkpoint {} cannot be closed: {}", folder, e.getMessage());
            }
        }
        opened.clear();
    }
}
