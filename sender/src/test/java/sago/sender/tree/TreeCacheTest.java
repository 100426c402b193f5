package sago.sender.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;
import sago.common.durable.NoSpace;
import sago.common.durable.SimDisk;
import sago.common.id.Hash;

class TreeCacheTest {
    private static final Hash MANIFEST = new Hash(1, 2, 3, 4);

    private final DurableFiles files = new DurableFiles(Disk.real());
    private final MemoryChunks chunks = new MemoryChunks();
    private final List<String> warnings = new ArrayList<>();

    @TempDir
    Path folder;

    private Path path;

    @BeforeEach
    void name() {
        path = folder.resolve("tree.cache");
    }

    @Test
    void findsEveryEntryInOrderAndNothingElse() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<Entry> entries = TestEntries.random(random, 10_000, chunks);
        Set<EntryKey> present = entries.stream().map(Entry::key).collect(Collectors.toSet());
        write(entries);

        try (TreeCacheReader reader = open()) {
            assertThat(reader.manifest()).isEqualTo(MANIFEST);
            assertThat(reader.scanStartMs()).isEqualTo(77);
            assertThat(reader.entries()).isEqualTo(10_000);
            for (Entry entry : entries) {
                if (random.nextInt(3) == 0) {
                    continue;
                }
                assertThat(reader.find(entry.key())).isEqualTo(entry);
                // The first name that a child can have: whether it exists or not, it comes before all others.
                EntryKey child = entry.key().child(new byte[] {1});
                if (!present.contains(child)) {
                    assertThat(reader.find(child)).isNull();
                }
            }
        }
        assertThat(warnings).isEmpty();
    }

    @Test
    void aFullDiskLeavesNoTraceInACacheThatIsContinued() throws Exception {
        List<Entry> entries = TestEntries.random(new Random(5), 600, chunks);
        Path at = Path.of("/home/tree.cache");
        SimDisk undisturbed = new SimDisk(Path.of("/home"));
        assertThat(writeThroughFullDisks(undisturbed, at, entries)).isZero();
        byte[] expected = new DurableFiles(undisturbed).read(at, 1 << 24);
        List<String> operations = undisturbed.operations();
        for (int n = 1; n < operations.size(); n++) {
            if (operations.get(n).startsWith("force")) {
                continue;
            }
            SimDisk disk = new SimDisk(Path.of("/home"));
            disk.failAt(n, SimDisk.Failure.SHORT_WRITE);
            assertThat(writeThroughFullDisks(disk, at, entries)).isEqualTo(1);
            assertThat(new DurableFiles(disk).read(at, 1 << 24))
                    .as(operations.get(n))
                    .isEqualTo(expected);
        }
    }

    /** Does again whatever finds the disk full; answers how often that was. */
    private static int writeThroughFullDisks(SimDisk disk, Path at, List<Entry> entries) throws Exception {
        int full = 0;
        try (TreeCacheWriter writer = new TreeCacheWriter(new DurableFiles(disk), at)) {
            for (int i = 0; i < entries.size(); ) {
                try {
                    writer.add(entries.get(i));
                    i++;
                } catch (IOException e) {
                    assertThat(NoSpace.is(e)).isTrue();
                    full++;
                }
            }
            while (true) {
                try {
                    writer.publish(MANIFEST, 77);
                    return full;
                } catch (IOException e) {
                    assertThat(NoSpace.is(e)).isTrue();
                    full++;
                }
            }
        }
    }

    @Test
    void emptyCacheFindsNothing() throws Exception {
        write(List.of());
        try (TreeCacheReader reader = open()) {
            assertThat(reader.find(EntryKey.ROOT)).isNull();
        }
        assertThat(warnings).isEmpty();
    }

    @Test
    void missingCacheIsNoReasonToWarn() {
        assertThat(TreeCacheReader.open(files, path, warnings::add)).isNull();
        assertThat(warnings).isEmpty();
    }

    @Test
    void unpublishedCacheLeavesTheOneBefore() throws Exception {
        write(List.of(TestEntries.folder("/")));
        try (TreeCacheWriter writer = new TreeCacheWriter(files, path)) {
            writer.add(TestEntries.folder("/other"));
        }

        try (TreeCacheReader reader = open()) {
            assertThat(reader.find(EntryKey.ROOT)).isNotNull();
        }
        assertThat(files.list(folder)).containsExactly("tree.cache");
    }

    @Test
    void refusesEntriesOutOfOrder() throws Exception {
        try (TreeCacheWriter writer = new TreeCacheWriter(files, path)) {
            writer.add(TestEntries.folder("/b"));
            assertThatThrownBy(() -> writer.add(TestEntries.folder("/a"))).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anyFlippedBitMakesEntriesAbsentButNeverWrong() throws Exception {
        List<Entry> entries = TestEntries.random(new Random(3), 3_000, chunks);
        Map<EntryKey, Entry> truth = new HashMap<>();
        entries.forEach(e -> truth.put(e.key(), e));
        write(entries);
        byte[] good = Files.readAllBytes(path);
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 60; i++) {
            byte[] bad = good.clone();
            int at = i < 30 ? i : i < 40 ? bad.length - 1 - i : random.nextInt(bad.length);
            bad[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(path, bad);
            warnings.clear();

            assertNeverWrong(entries, truth);
            assertThat(warnings).as("byte " + at).hasSize(1);
        }
    }

    @Test
    void cutFileIsNotUsed() throws Exception {
        write(TestEntries.random(new Random(4), 3_000, chunks));
        byte[] good = Files.readAllBytes(path);
        for (int length : new int[] {0, 1, 15, 16, 79, 80, 81, good.length / 2, good.length - 1}) {
            Files.write(path, Arrays.copyOf(good, length));
            warnings.clear();

            assertThat(TreeCacheReader.open(files, path, warnings::add)).isNull();
            assertThat(warnings).hasSize(1);
        }
    }

    @Test
    void layoutIsAsDocumented() throws Exception {
        write(List.of(TestEntries.folder("/")));
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path));

        assertThat(bytes.getLong()).isEqualTo(0x5341474F54524545L);
        assertThat(bytes.getShort()).isEqualTo((short) 2);
        assertThat(bytes.getInt(16)).isEqualTo(bytes.capacity() - 16 - 8 - 64);
        assertThat(Hash.read(bytes.position(bytes.capacity() - 64))).isEqualTo(MANIFEST);
        assertThat(bytes.getLong()).isEqualTo(77);
        assertThat(bytes.getLong()).isEqualTo(1);
        assertThat(bytes.getLong()).isEqualTo(bytes.capacity() - 16 - 64);
        assertThat(bytes.getInt()).isZero();
    }

    private void assertNeverWrong(List<Entry> entries, Map<EntryKey, Entry> truth) throws Exception {
        try (TreeCacheReader reader = TreeCacheReader.open(files, path, warnings::add)) {
            for (Entry entry : entries) {
                Entry found = reader == null ? null : reader.find(entry.key());
                if (found != null) {
                    assertThat(found).isEqualTo(truth.get(entry.key()));
                }
            }
        }
    }

    private void write(List<Entry> entries) throws Exception {
        try (TreeCacheWriter writer = new TreeCacheWriter(files, path)) {
            for (Entry entry : entries) {
                writer.add(entry);
            }
            writer.publish(MANIFEST, 77);
        }
    }

    private TreeCacheReader open() {
        return Objects.requireNonNull(TreeCacheReader.open(files, path, warnings::add));
    }
}
