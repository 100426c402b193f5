package sago.bench.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;
import sago.common.id.DatasetId;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.id.VaultId;
import sago.common.pack.PackGeometry;
import sago.common.secret.SecretBytes;
import sago.sender.index.IndexBounds;
import sago.sender.index.SegmentIndex;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.PackSession;

/** Every byte goes through every step once. */
class AloneTest {
    @TempDir
    Path folder;

    private Path source() throws Exception {
        return Files.createDirectories(folder.resolve("source"));
    }

    private Path file(String name, int bytes, int seed) throws Exception {
        byte[] noise = new byte[bytes];
        new Random(seed).nextBytes(noise);
        Path file = source().resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        return Files.write(file, noise);
    }

    private Alone.Outcome run() throws Exception {
        try (Alone alone = new Alone(Files.createDirectory(folder.resolve("work")))) {
            return alone.run(source());
        }
    }

    @Test
    void takesEveryByteThroughEveryStep() throws Exception {
        long bytes = 0;
        for (int length : new int[] {0, 1, 4096, 300_000, 9_000_000, 40_000_000}) {
            file("f" + length, length, length);
            bytes += length;
        }
        file("deep/er/f", 70_000_000, 1);
        bytes += 70_000_000;
        Files.createSymbolicLink(source().resolve("link"), Path.of("f1"));
        Alone.Outcome outcome = run();
        assertThat(outcome.plainBytes()).isEqualTo(bytes);
        // Incompressible: more than the plaintext by headers of records and segments alone.
        assertThat(outcome.storedBytes()).isBetween(bytes, bytes + bytes / 1000 + 4096);
        for (LadderStep step : LadderStep.values()) {
            assertThat(outcome.costs().seconds(step)).as(step.label()).isPositive();
        }
        assertThat(folder.resolve("work")).doesNotExist();
    }

    @Test
    void storesWhatItMeetsAgainOnlyOnce() throws Exception {
        file("one", 3_000_000, 1);
        file("two", 3_000_000, 1);
        Alone.Outcome outcome = run();
        assertThat(outcome.plainBytes()).isEqualTo(6_000_000);
        assertThat(outcome.storedBytes()).isBetween(3_000_000L, 3_010_000L);
    }

    @Test
    void walksWhatHoldsBytesAndLeavesItsOwnFolderOut() throws Exception {
        List<Path> files = List.of(file("a/b", 1, 1), file("a/c", 2, 2), file("d", 3, 3));
        file("empty", 0, 4);
        file("work/pack", 4096, 5);
        Costs costs = new Costs();
        assertThat(new Metadata(source(), source().resolve("work"), costs).walk())
                .containsExactlyElementsOf(files);
        assertThat(costs.seconds(LadderStep.WALK)).isPositive();
        assertThat(costs.seconds(LadderStep.TREE)).isZero();
    }

    @Test
    void aFileThatChangedMeanwhileIsNamed() throws Exception {
        Path file = file("grew", 2, 1);
        file("work/pack", 1, 1);
        Metadata metadata = new Metadata(source(), source().resolve("work"), new Costs());
        Iterator<ChunkRef> oneByte =
                List.of(new ChunkRef(new PackId(1, 1), 0, 1, 1, 0)).iterator();
        ByteBuffer image = ByteBuffer.allocateDirect(PackGeometry.DEFAULT.packBytes());
        PackSession session = new PackSession(
                new VaultId(1, 1),
                new DatasetId(2, 2),
                new SessionId(3, 3),
                SecretBytes.of(new byte[32]),
                PackGeometry.DEFAULT);
        DurableFiles files = new DurableFiles(Disk.real());
        try (SegmentIndex index = SegmentIndex.open(folder.resolve("index"), files, IndexBounds.DEFAULT);
                NodeWriter nodes = new NodeWriter(session, index, image)) {
            assertThatThrownBy(() -> metadata.makeTree(oneByte, nodes, folder.resolve("tree")))
                    .isInstanceOf(IOException.class)
                    .hasMessage(file + " was changed while it was measured with");
        }
        assertThat(folder.resolve("tree")).doesNotExist();
    }

    @Test
    void endsStretchesWhereFilesAndRegionsEnd() throws Exception {
        List<Path> files = List.of(file("a", 700_000, 1), file("b", 0, 2), file("c", 1_500_000, 3));
        List<Integer> ended = new ArrayList<>();
        try (FileFeed feed = new FileFeed(files.iterator(), 4 << 20, 1_000_000)) {
            assertThat(feed.fill(0)).isTrue();
            for (FileFeed.Stretch stretch : feed.stretches()) {
                assertThat(stretch.ends()).isTrue();
                ended.add(stretch.end() - stretch.start());
            }
            assertThat(feed.fill(feed.end())).isFalse();
        }
        assertThat(ended).containsExactly(700_000, 1_000_000, 500_000);
    }
}
