package sago.sender.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import sago.common.id.PackId;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryCursor;
import sago.sender.tree.EntryKey;
import sago.sender.tree.FileContent;
import sago.sender.tree.MemoryChunks;
import sago.sender.tree.TestEntries;
import sago.sender.tree.TreeBuilder;
import sago.sender.tree.TreeReader;
import sago.sender.tree.TreeRoot;

class ChunkSampleTest {
    private final MemoryChunks chunks = new MemoryChunks();
    private final Random random = new Random(3);
    private final List<FileContent> contents = new ArrayList<>();

    /** Files of one chunk each, but the one at {@code large}, which has a hundred. */
    private TreeRoot tree(int files, int large) throws Exception {
        TreeBuilder builder = new TreeBuilder(chunks);
        builder.add(TestEntries.folder("/"));
        for (int i = 0; i < files; i++) {
            byte[] bytes = new byte[i == large ? 1000 : 10];
            random.nextBytes(bytes);
            contents.add(chunks.content(bytes, 10));
            builder.add(TestEntries.file(String.format("/file%06d", i), contents.get(i)));
        }
        return builder.finish();
    }

    @Test
    void aSmallSnapshotIsMetAsAWhole() throws Exception {
        TreeRoot root = tree(20, -1);
        ChunkSample sample = new ChunkSample(chunks, root, 21, new Random(1));

        List<ChunkSample.Drawn> drawn = sample.draw(64);

        assertThat(sample.met()).isEqualTo(21);
        assertThat(drawn).hasSizeGreaterThan(17);
        assertThat(drawn).allMatch(one -> one.file().content().refs().contains(one.ref()));
        assertThat(drawn.stream().map(ChunkSample.Drawn::ref)).doesNotHaveDuplicates();
    }

    @Test
    void aSampleIsSpreadOverPacksAndReadsLittleOfALargeTree() throws Exception {
        TreeRoot root = tree(20_000, -1);
        ChunkSample sample = new ChunkSample(chunks, root, 20_001, new Random(1));

        List<ChunkSample.Drawn> drawn = sample.draw(10);

        assertThat(drawn).hasSize(10);
        Set<PackId> packs = drawn.stream().map(one -> one.ref().pack()).collect(Collectors.toSet());
        assertThat(packs).hasSize(10);
        assertThat(sample.met()).isLessThan(3_000);
        assertThat(chunks.reads(ChunkKind.DATA)).isZero();
    }

    @Test
    void largeFilesCountForWhatTheyHold() throws Exception {
        TreeRoot root = tree(100, 50);
        FileContent large = contents.get(50);
        Set<ChunkRef> ofLarge = new HashSet<>(large.refs());

        List<ChunkSample.Drawn> drawn = new ChunkSample(chunks, root, 101, new Random(1)).draw(40);

        assertThat(drawn.stream().filter(one -> ofLarge.contains(one.ref())).count())
                .isBetween(10L, 30L);
    }

    @Test
    void otherSeedsChooseOtherChunks() throws Exception {
        TreeRoot root = tree(2_000, -1);
        List<ChunkSample.Drawn> one = new ChunkSample(chunks, root, 2_001, new Random(1)).draw(8);
        List<ChunkSample.Drawn> other = new ChunkSample(chunks, root, 2_001, new Random(2)).draw(8);

        assertThat(refs(one)).isNotEqualTo(refs(other));
        assertThat(refs(new ChunkSample(chunks, root, 2_001, new Random(1)).draw(8)))
                .isEqualTo(refs(one));
    }

    private static List<ChunkRef> refs(List<ChunkSample.Drawn> drawn) {
        return drawn.stream().map(ChunkSample.Drawn::ref).toList();
    }

    @Test
    void aDamagedChunkOfTheSampleIsAFinding() throws Exception {
        TreeRoot root = tree(20, -1);
        List<ChunkSample.Drawn> drawn = new ChunkSample(chunks, root, 21, new Random(1)).draw(64);
        chunks.damage(drawn.get(3).ref());
        List<EntryKey> failed = new ArrayList<>();
        RestoreListener listener = new RestoreListener() {
            @Override
            public void warning(EntryKey key, String reason) {}

            @Override
            public void failed(EntryKey key, String reason) {
                failed.add(key);
            }
        };

        DataCheckSummary summary = new DataCheck(chunks, DataSample.all(), 1, listener).run(drawn);

        assertThat(summary.damaged()).isEqualTo(1);
        assertThat(summary.read()).isEqualTo(drawn.size() - 1L);
        assertThat(failed).containsExactly(drawn.get(3).file().key());
    }

    @Test
    void entriesAreFoundByTheirNumber() throws Exception {
        TreeRoot root = tree(20_000, -1);
        TreeReader tree = new TreeReader(chunks, root);
        List<Entry> all = new ArrayList<>();
        EntryCursor cursor = tree.all();
        for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
            all.add(entry);
        }
        for (int number : new int[] {0, 1, 777, 12_345, 20_000}) {
            Entry found = Objects.requireNonNull(tree.fromNumber(number).next());
            assertThat(found.key()).isEqualTo(all.get(number).key());
        }
        assertThat(tree.fromNumber(20_001).next()).isNull();
        assertThat(tree.fromNumber(Long.MAX_VALUE).next()).isNull();
    }
}
