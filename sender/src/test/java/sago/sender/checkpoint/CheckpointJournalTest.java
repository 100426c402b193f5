package sago.sender.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.pack.PackEntry;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.PackedChunk;
import sago.sender.tree.Entry;

class CheckpointJournalTest {
    private static final long LARGE = 1000;

    @TempDir
    Path temp;

    private final DurableFiles files = new DurableFiles(Disk.real());
    private final List<String> heard = new ArrayList<>();

    private final ReplaySink sink = new ReplaySink() {
        @Override
        public void sealed(SessionId session, PackEntry entry, List<PackedChunk> chunks) {
            heard.add("sealed " + session.low() + " " + entry.id().low() + " " + chunks.size());
        }

        @Override
        public void acknowledged(PackId pack, long keepUntil) {
            heard.add("acknowledged " + pack.low() + " " + keepUntil);
        }
    };

    private Path folder() {
        return temp.resolve("checkpoints").resolve("one");
    }

    private CheckpointJournal journal() {
        return CheckpointJournal.open(folder(), files);
    }

    /** A run that is cut off after it wrote its records. */
    private void run(Records records) throws IOException {
        try (CheckpointJournal journal = journal()) {
            journal.merge(1).ifPresent(CheckpointJournalTest::close);
            journal.beginRun(Samples.SESSION, Samples.SCAN_MS);
            journal.sealed(Samples.pack(1), Samples.chunks(1, 3, ChunkKind.DATA));
            records.write(journal);
        }
    }

    private interface Records {
        void write(CheckpointJournal journal) throws IOException;
    }

    private static void close(FinishedFiles finished) {
        try {
            finished.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private FinishedFiles merged(CheckpointJournal journal) throws IOException {
        return journal.merge(2).orElseThrow();
    }

    @Test
    void tellsWhatWasSealedAndAcknowledgedInTheirOrder() throws IOException {
        run(journal -> {
            journal.acknowledged(Samples.pack(1).id(), 77);
            journal.sealed(Samples.pack(2), Samples.chunks(2, 20_000, ChunkKind.TREE));
            journal.sealed(Samples.pack(3), List.of());
        });
        try (CheckpointJournal journal = journal()) {
            journal.replay(sink);
            assertThat(heard).containsExactly("sealed 2 1 3", "acknowledged 1 77", "sealed 2 2 20000", "sealed 2 3 0");
        }
    }

    @Test
    void chunksOfASealedPackComeBackAsTheyWere() throws IOException {
        List<PackedChunk> chunks = Samples.chunks(9, 20_000, ChunkKind.DATA);
        run(journal -> journal.sealed(Samples.pack(9), chunks));
        List<PackedChunk> read = new ArrayList<>();
        try (CheckpointJournal journal = journal()) {
            journal.replay(new ReplaySink() {
                @Override
                public void sealed(SessionId session, PackEntry entry, List<PackedChunk> of) {
                    read.clear();
                    read.addAll(of);
                }

                @Override
                public void acknowledged(PackId pack, long keepUntil) {}
            });
        }
        assertThat(read).isEqualTo(chunks);
    }

    @Test
    void findsFilesThatWorkersFinishedOutOfOrder() throws IOException {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            order.add(i);
        }
        Random random = new Random(seed);
        for (int i = 0; i < order.size(); i += 64) {
            Collections.shuffle(order.subList(i, Math.min(i + 64, order.size())), random);
        }
        run(journal -> {
            for (int item : order) {
                journal.files(item, List.of(Samples.file(2 * item, 1), Samples.file(2 * item + 1, 2)));
            }
        });
        try (CheckpointJournal journal = journal();
                FinishedFiles finished = merged(journal)) {
            assertThat(finished.files()).isEqualTo(10_000);
            assertThat(finished.bytes()).isEqualTo(10_000_000);
            for (int n = 0; n < 10_000; n += 3) {
                assertThat(finished.file(Samples.key(n))).isEqualTo(Samples.file(n, 1 + n % 2));
            }
            assertThat(finished.file(Samples.key(10_000))).isNull();
        }
    }

    @Test
    void itemsFurtherOutOfOrderThanAWindowBeginAnew() throws IOException {
        run(journal -> {
            for (int item = 1; item < 3000; item++) {
                journal.files(item, List.of(Samples.file(item, 1)));
            }
            journal.files(0, List.of(Samples.file(0, 1)));
        });
        try (CheckpointJournal journal = journal()) {
            assertThat(journal.merge(2)).isEmpty();
        }
        assertThat(files.list(folder())).isEmpty();
    }

    @Test
    void sumGoesFromRunToRunAndOldFilesOfTheQueueAreDeleted() throws IOException {
        run(journal -> journal.files(0, List.of(Samples.file(1, 1), Samples.file(3, 1))));
        run(journal -> journal.files(0, List.of(Samples.file(2, 2))));
        run(journal -> journal.files(5, List.of(Samples.file(4, 3))));
        assertThat(files.list(folder())).hasSize(1);
        try (CheckpointJournal journal = journal();
                FinishedFiles finished = merged(journal)) {
            assertThat(finished.files()).isEqualTo(4);
            assertThat(finished.file(Samples.key(1))).isEqualTo(Samples.file(1, 1));
            assertThat(finished.file(Samples.key(2))).isEqualTo(Samples.file(2, 2));
            assertThat(finished.file(Samples.key(3))).isEqualTo(Samples.file(3, 1));
            assertThat(finished.file(Samples.key(4))).isEqualTo(Samples.file(4, 3));
        }
        assertThat(files.list(folder())).containsExactly("00000004");
    }

    @Test
    void newerStateOfAFileWins() throws IOException {
        run(journal -> journal.files(0, List.of(Samples.file(1, 1))));
        run(journal -> journal.files(0, List.of(Samples.file(1, 2))));
        try (CheckpointJournal journal = journal();
                FinishedFiles finished = merged(journal)) {
            assertThat(finished.file(Samples.key(1))).isEqualTo(Samples.file(1, 2));
            assertThat(finished.files()).isEqualTo(1);
        }
    }

    @Test
    void fileThatChangedShortlyBeforeTheScanIsNotFinished() throws IOException {
        run(journal -> {
            journal.beginRun(Samples.SESSION, 1_700_000_002_000L);
            journal.files(0, List.of(Samples.file(1, 1)));
            journal.beginRun(Samples.SESSION, 1_700_000_004_000L);
            journal.files(0, List.of(Samples.file(2, 1)));
        });
        try (CheckpointJournal journal = journal();
                FinishedFiles finished = merged(journal)) {
            assertThat(finished.file(Samples.key(1))).isNull();
            assertThat(finished.file(Samples.key(2))).isNotNull();
        }
    }

    @Test
    void regionsOfAllRunsComeTogetherWhileTheFileStaysTheSame() throws IOException {
        Entry large = Samples.scanned(5, LARGE * 4, 1_700_000_001L);
        run(journal -> {
            journal.region(0, 0, Samples.extents(0), large, Samples.refs(1, 1));
            journal.region(1, LARGE, Samples.extents(LARGE), large, Samples.refs(2, 1));
            journal.files(2, List.of(Samples.file(6, 1)));
        });
        run(journal -> journal.region(3, LARGE * 3, Samples.extents(LARGE * 3), large, Samples.refs(3, 1)));
        try (CheckpointJournal journal = journal();
                FinishedFiles finished = merged(journal)) {
            assertThat(finished.file(Samples.key(5))).isNull();
            assertThat(finished.region(large, 0, Samples.extents(0))).isEqualTo(Samples.refs(1, 1));
            assertThat(finished.region(large, LARGE, Samples.extents(LARGE))).isEqualTo(Samples.refs(2, 1));
            assertThat(finished.region(large, LARGE * 2, Samples.extents(LARGE * 2)))
                    .isNull();
            assertThat(finished.region(large, LARGE * 3, Samples.extents(LARGE * 3)))
                    .isEqualTo(Samples.refs(3, 1));
            assertThat(finished.file(Samples.key(6))).isNotNull();
            assertThat(finished.files()).isEqualTo(1);
            assertThat(finished.bytes()).isEqualTo(4000);
        }
    }

    @Test
    void regionsOfAFileWhoseHolesMovedAreForgotten() throws IOException {
        Entry large = Samples.scanned(1, LARGE * 4, 1_700_000_001L);
        run(journal -> {
            journal.region(0, 0, Samples.extents(0), large, Samples.refs(1, 1));
            journal.region(1, LARGE, Samples.extents(LARGE), large, Samples.refs(2, 1));
        });
        try (CheckpointJournal journal = journal();
                FinishedFiles finished = merged(journal)) {
            assertThat(finished.region(large, 0, Samples.extents(1))).isNull();
            assertThat(finished.region(large, LARGE, Samples.extents(LARGE))).isEqualTo(Samples.refs(2, 1));
        }
    }

    @Test
    void regionsOfAFileThatChangedAreForgotten() throws IOException {
        Entry before = Samples.scanned(5, LARGE * 4, 1_700_000_001L);
        Entry after = Samples.scanned(5, LARGE * 4, 1_700_000_009L);
        run(journal -> journal.region(0, 0, Samples.extents(0), before, Samples.refs(1, 1)));
        run(journal -> journal.region(0, LARGE, Samples.extents(LARGE), after, Samples.refs(2, 1)));
        try (CheckpointJournal journal = journal();
                FinishedFiles finished = merged(journal)) {
            assertThat(finished.region(after, 0, Samples.extents(0))).isNull();
            assertThat(finished.region(after, LARGE, Samples.extents(LARGE))).isEqualTo(Samples.refs(2, 1));
            assertThat(finished.bytes()).isEqualTo(1000);
        }
        try (CheckpointJournal journal = journal();
                FinishedFiles finished = merged(journal)) {
            assertThat(finished.region(before, LARGE, Samples.extents(LARGE))).isNull();
        }
    }

    @Test
    void smallRunNeverTouchesTheDisk() throws IOException {
        try (CheckpointJournal journal = journal()) {
            journal.replay(sink);
            assertThat(journal.merge(1)).isEmpty();
            journal.beginRun(Samples.SESSION, Samples.SCAN_MS);
            journal.files(0, List.of(Samples.file(1, 1)));
            journal.sealed(Samples.pack(1), Samples.chunks(1, 3, ChunkKind.TREE));
            journal.acknowledged(Samples.pack(1).id(), 1);
            journal.save();
        }
        assertThat(files.exists(folder())).isFalse();
        assertThat(CheckpointJournal.read(folder(), files)).isEmpty();
    }

    @Test
    void aMebibyteOfRecordsIsWorthAFile() throws IOException {
        try (CheckpointJournal journal = journal()) {
            journal.beginRun(Samples.SESSION, Samples.SCAN_MS);
            for (int i = 0; !files.exists(folder()); i++) {
                assertThat(i).isLessThan(20_000);
                journal.files(i, List.of(Samples.file(i, 1)));
            }
            CheckpointState state = CheckpointJournal.read(folder(), files).orElseThrow();
            assertThat(state.files()).isGreaterThan(1000);
        }
    }

    @Test
    void stateCountsWithoutChangingAnything() throws IOException {
        run(journal -> {
            journal.files(0, List.of(Samples.file(1, 1)));
            journal.acknowledged(Samples.pack(1).id(), 77);
        });
        run(journal -> {
            journal.files(0, List.of(Samples.file(1, 1), Samples.file(2, 1)));
            CheckpointState running = CheckpointJournal.read(folder(), files).orElseThrow();
            assertThat(running.files()).isEqualTo(2);
            assertThat(running.bytes()).isEqualTo(2000);
            assertThat(running.sealedPacks()).isEqualTo(1);
            assertThat(running.acknowledgedPacks()).isEqualTo(0);
            assertThat(running.lastRecordMs()).isGreaterThan(1_600_000_000_000L);
        });
    }

    @Test
    void deletedCheckpointLeavesNothing() throws IOException {
        run(journal -> journal.files(0, List.of(Samples.file(1, 1))));
        Files.createDirectories(folder().resolve("garbage").resolve("more"));
        try (CheckpointJournal journal = journal()) {
            journal.delete();
            journal.files(0, List.of(Samples.file(2, 1)));
        }
        assertThat(files.exists(folder())).isFalse();
        assertThat(files.exists(temp.resolve("checkpoints"))).isTrue();
    }

    @Test
    void faultOfTheSinkIsTheCallersAndNothingIsForgotten() throws IOException {
        run(journal -> journal.acknowledged(Samples.pack(1).id(), 77));
        try (CheckpointJournal journal = journal()) {
            ReplaySink failing = new ReplaySink() {
                @Override
                public void sealed(SessionId session, PackEntry entry, List<PackedChunk> chunks) throws FaultException {
                    throw new FaultException(Fault.HOME_FULL, "no room in the catalog");
                }

                @Override
                public void acknowledged(PackId pack, long keepUntil) {}
            };
            assertThatExceptionOfType(FaultException.class)
                    .isThrownBy(() -> journal.replay(failing))
                    .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.HOME_FULL));
            journal.replay(sink);
        }
        assertThat(heard).containsExactly("sealed 2 1 3", "acknowledged 1 77");
    }

    @Test
    void interruptedThreadLosesNoRecord() throws IOException {
        int count = 100_000;
        run(journal -> {
            for (int i = 0; i < count; i++) {
                if (i % 1000 == 0) {
                    Thread.currentThread().interrupt();
                    journal.save();
                }
                journal.files(i, List.of(Samples.file(i, 1)));
                assertThat(i % 1000 != 0 || Thread.interrupted()).isTrue();
            }
        });
        try (CheckpointJournal journal = journal();
                FinishedFiles finished = merged(journal)) {
            assertThat(finished.files()).isEqualTo(count);
        }
    }

    @Test
    void interruptedSumForgetsNothing() throws IOException {
        run(journal -> journal.files(0, List.of(Samples.file(1, 1))));
        try (CheckpointJournal journal = journal()) {
            journal.replay(sink);
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(FaultException.class)
                    .isThrownBy(() -> journal.merge(2))
                    .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.INTERRUPTED));
            assertThat(Thread.interrupted()).isTrue();
            Optional<FinishedFiles> again = journal.merge(2);
            assertThat(again.orElseThrow().files()).isEqualTo(1);
            again.orElseThrow().close();
        }
    }
}
