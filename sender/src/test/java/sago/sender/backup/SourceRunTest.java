package sago.sender.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sago.common.fault.Fault;
import sago.common.sign.Hashes;
import sago.common.time.Clock;
import sago.sender.pack.PackReader;
import sago.sender.source.SourceFilter;
import sago.sender.source.SourceRoots;
import sago.sender.source.posix.PathBytes;
import sago.sender.stream.CommandOutput;
import sago.sender.stream.ContentStream;
import sago.sender.stream.StandardInput;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKey;
import sago.sender.tree.Hole;
import sago.sender.tree.TreeReader;

/** Backups of sparse files, of files that change, of streams and of images. */
class SourceRunTest extends BackupFixture {
    private static final EntryKey DUMP = EntryKey.ofPath("/dump".getBytes(StandardCharsets.UTF_8));

    @Test
    void readsOnlyWhatIsBetweenHoles() throws Exception {
        long gib = 1L << 30;
        sparse("small-sparse", 60_000, 20_480);
        sparse("large-sparse", 10 * gib, 5 * gib);
        sparse("only-hole", gib, -1);
        long ownBytes = contentBytes();
        BackupRun run = newRun(means(2, new MovedClock(AN_HOUR_MS)), new CountingListener());
        BackupResult result = run.run();
        Entry large = entry(result, "large-sparse");
        assertThat(large.size()).isEqualTo(10 * gib);
        assertThat(large.content().bytes()).isLessThanOrEqualTo(64 << 10);
        assertThat(large.holes().list())
                .hasSize(2)
                .first()
                .extracting(Hole::offset)
                .isEqualTo(0L);
        assertThat(entry(result, "only-hole").content().refs()).isEmpty();
        assertThat(entry(result, "only-hole").holes().bytes()).isEqualTo(gib);
        assertThat(entry(result, "small-sparse").holes().isEmpty()).isFalse();
        assertThat(result.progress().bytesRead()).isLessThan(ownBytes + (128 << 10));
        assertThat(result.progress().bytesDone()).isGreaterThan(11 * gib);

        BackupResult again = run();
        assertThat(entry(again, "large-sparse")).isEqualTo(large);
        assertThat(again.outcome().modified().count()).isZero();
    }

    @Test
    void tellsAFileThatChangedWhileItWasReadAndReadsItAgainNextTime() throws Exception {
        Path log = source.resolve("b/large");
        BackupRun run = newRun(means(2, new AppendingClock(log)), new CountingListener());
        BackupResult result = run.run();
        assertThat(changed).contains(log);
        assertThat(result.outcome().changed()).isEqualTo(1);
        assertThat(result.troubles()).isEqualTo(1);
        BackupResult second = run();
        assertThat(second.outcome().modified().count()).isEqualTo(1);
        assertThat(contents(second.snapshot())).isEqualTo(sourceContents());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16_384, 32_768, 1_000_000})
    void storesAStreamAsOneFile(int length) throws Exception {
        byte[] data = noise(length, 5);
        BackupResult result = stream(new StandardInput(new ByteArrayInputStream(data)));
        assertThat(hash(result)).isEqualTo(Hashes.sha256(data).toString());
        assertThat(entry(result, DUMP).size()).isEqualTo(length);
        assertThat(result.snapshot().body().getFiles()).isEqualTo(1);
        assertThat(result.troubles()).isZero();
    }

    @Test
    void storesOfASecondDumpOnlyWhatIsNewHoweverItShifts() throws Exception {
        byte[] data = noise(1_000_000, 6);
        stream(new StandardInput(new ByteArrayInputStream(data)));
        InputStream shifted = new SequenceInputStream(
                new ByteArrayInputStream("inserted".getBytes(StandardCharsets.UTF_8)), new ByteArrayInputStream(data));
        BackupResult second = stream(new StandardInput(shifted));
        assertThat(second.progress().newBytes()).isLessThan(100_000);
    }

    @Test
    void commitsNothingWhereTheCommandFails() throws Exception {
        long packs = target.storedBytes();
        List<String> command = List.of("sh", "-c", "head -c 400000 /dev/zero; exit 3");
        assertThatThrownBy(() -> stream(new CommandOutput(command)))
                .hasMessageContaining("ended with status 3")
                .extracting("fault")
                .isEqualTo(Fault.FATAL);
        assertThat(home.catalog().snapshots().newest(dataset.dataset(), target.site()))
                .isEmpty();
        assertThat(packs).isZero();
        assertThatThrownBy(() -> stream(new CommandOutput(List.of("/no/such/command"))))
                .extracting("fault")
                .isEqualTo(Fault.FATAL);
    }

    @Test
    void storesWhatACommandPrints() throws Exception {
        BackupResult result = stream(new CommandOutput(List.of("sh", "-c", "printf abc")));
        assertThat(hash(result))
                .isEqualTo(Hashes.sha256("abc".getBytes(StandardCharsets.UTF_8)).toString());
    }

    @Test
    void commitsNothingWhereTheStreamCannotBeReadToItsEnd() throws Exception {
        InputStream broken = new InputStream() {
            private int left = 100_000;

            @Override
            public int read() throws IOException {
                if (left-- <= 0) {
                    throw new IOException("broken pipe");
                }
                return 7;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int value = read();
                bytes[offset] = (byte) value;
                return 1;
            }
        };
        assertThatThrownBy(() -> stream(new StandardInput(broken)))
                .hasMessageContaining("broken pipe")
                .extracting("fault")
                .isEqualTo(Fault.FATAL);
        assertThat(home.catalog().snapshots().newest(dataset.dataset(), target.site()))
                .isEmpty();
    }

    @Test
    void endsACommandThatPrintsNothingWhenItIsStopped() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CommandOutput sleeping = new CommandOutput(List.of("sleep", "1000"));
        ContentStream.Opener opener = () -> {
            ContentStream stream = sleeping.open();
            begun.countDown();
            return stream;
        };
        BackupRun run =
                newRun(means(2, Clock.system()), new CountingListener(), new BackupSource.Stream(DUMP, 0, 0, opener));
        Thread stopper = new Thread(() -> {
            try {
                begun.await();
                run.cancel();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        stopper.start();
        assertThatThrownBy(run::run).extracting("fault").isEqualTo(Fault.INTERRUPTED);
        stopper.join();
    }

    @Test
    void storesOfAnImageOnlyTheBlocksThatChanged() throws Exception {
        int mib = 1 << 20;
        Path image = source.resolve("disk.img");
        byte[] data = new byte[6 * mib];
        data[3 * mib + 5] = 1;
        Files.write(image, data);
        BackupSource what = new BackupSource.Paths(
                SourceRoots.of(List.of(image)), SourceFilter.NONE, Set.of(EntryKey.ofPath(PathBytes.of(image))));
        BackupResult first = image(what);
        assertThat(entry(first, "disk.img").content().refs()).isNotEmpty();
        try (FileChannel channel = FileChannel.open(image, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {9}), 4 * mib + 77);
        }
        BackupResult second = image(what);
        assertThat(second.progress().newBytes()).isLessThan(mib + (64 << 10));
        assertThat(entry(second, "disk.img").size()).isEqualTo(6L * mib);
    }

    private BackupResult image(BackupSource what) throws Exception {
        return newRun(means(2, new MovedClock(AN_HOUR_MS)), new CountingListener(), what)
                .run();
    }

    private BackupResult stream(ContentStream.Opener opener) throws Exception {
        return newRun(means(2, Clock.system()), new CountingListener(), new BackupSource.Stream(DUMP, 0, 0, opener))
                .run();
    }

    /** Appends a line to a file each time a worker takes the time, which it does before each read. */
    private static final class AppendingClock implements Clock {
        private final Clock clock = new MovedClock(AN_HOUR_MS);
        private final Path file;

        AppendingClock(Path file) {
            this.file = file;
        }

        @Override
        public long wallMs() {
            return clock.wallMs();
        }

        @Override
        public long monotonicNs() {
            if (Thread.currentThread().getName().matches("backup-[0-9]+")) {
                try {
                    Files.writeString(file, "one more line\n", StandardOpenOption.APPEND);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return clock.monotonicNs();
        }
    }

    private void sparse(String name, long size, long dataAt) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(source.resolve(name).toFile(), "rw")) {
            file.setLength(size);
            if (dataAt >= 0) {
                file.seek(dataAt);
                file.write(noise(5000, 3));
            }
        }
    }

    private static long contentBytes() {
        return 3000 + 50_000 + 400_000 + 7L * 300 * 299 / 2;
    }

    private String hash(BackupResult result) throws Exception {
        try (PackReader reader = new PackReader(target, target, dataset.idKey(), AEADS, 1 << 20)) {
            TreeReader tree = new TreeReader(reader, root(result.snapshot()));
            return hash(tree.content(Objects.requireNonNull(tree.find(DUMP)).content()), reader);
        }
    }

    private Entry entry(BackupResult result, String name) throws Exception {
        return entry(result, EntryKey.ofPath(PathBytes.of(source.resolve(name))));
    }

    private Entry entry(BackupResult result, EntryKey key) throws Exception {
        try (PackReader reader = new PackReader(target, target, dataset.idKey(), AEADS, 1 << 20)) {
            return Objects.requireNonNull(new TreeReader(reader, root(result.snapshot())).find(key));
        }
    }
}
