package sago.sender.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.tree.EntryKey;
import sago.sender.tree.FileContent;
import sago.sender.tree.MemoryChunks;
import sago.sender.tree.TestEntries;
import sago.sender.tree.TreeBuilder;
import sago.sender.tree.TreeRoot;

class DataCheckTest implements RestoreListener {
    private static final int FILES = 200;

    private final MemoryChunks chunks = new MemoryChunks();
    private final List<EntryKey> failed = Collections.synchronizedList(new ArrayList<>());
    private final List<FileContent> contents = new ArrayList<>();
    private TreeRoot root;

    @BeforeEach
    void tree() throws Exception {
        Random random = new Random(1);
        TreeBuilder builder = new TreeBuilder(chunks);
        builder.add(TestEntries.folder("/"));
        for (int i = 0; i < FILES; i++) {
            byte[] bytes = new byte[1000];
            random.nextBytes(bytes);
            contents.add(chunks.content(bytes, 10));
            builder.add(TestEntries.file(String.format("/file%04d", i), contents.get(i)));
        }
        root = builder.finish();
    }

    @Test
    void readsEverything() throws Exception {
        DataCheckSummary summary = check(DataSample.all());

        assertThat(summary).isEqualTo(new DataCheckSummary(FILES + 1, 100L * FILES, 100L * FILES, 1000L * FILES, 0));
        summary.requireWhole();
    }

    @Test
    void readsAboutTheShareThatWasAskedForAndTheSameForTheSameSeed() throws Exception {
        DataCheckSummary once = check(new DataSample(25, 42));

        assertThat(once.read()).isBetween(100L * FILES / 10, 100L * FILES / 2);
        assertThat(once.chunks()).isEqualTo(100L * FILES);
        assertThat(check(new DataSample(25, 42))).isEqualTo(once);
        assertThat(check(new DataSample(25, 43)).read()).isNotEqualTo(once.read());
    }

    @Test
    void namesEachDamagedFileOnceAndGoesOn() throws Exception {
        chunks.damage(contents.get(7).refs().get(3));
        chunks.damage(contents.get(7).refs().get(90));
        chunks.damage(contents.get(9).refs().get(0));

        DataCheckSummary summary = check(DataSample.all());

        assertThat(summary.damaged()).isEqualTo(2);
        assertThat(summary.read()).isEqualTo(100L * FILES - 3);
        assertThat(failed).containsExactlyInAnyOrder(TestEntries.key("/file0007"), TestEntries.key("/file0009"));
        assertThatThrownBy(summary::requireWhole).satisfies(e -> isFault(e, Fault.INTEGRITY));
    }

    @Test
    void damagedTreeEndsTheCheck() {
        chunks.damage(root.ref());

        assertThatThrownBy(() -> check(DataSample.all())).satisfies(e -> isFault(e, Fault.INTEGRITY));
    }

    @Test
    void anyOtherFaultEndsTheCheck() {
        DataCheck check = new DataCheck(
                (ref, kind) -> {
                    if (kind == ChunkKind.DATA) {
                        throw new FaultException(Fault.SITE_UNREACHABLE, "gone");
                    }
                    return chunks.read(ref, kind);
                },
                DataSample.all(),
                2,
                this);

        assertThatThrownBy(() -> check.run(root)).satisfies(e -> isFault(e, Fault.SITE_UNREACHABLE));
        assertThat(failed).isEmpty();
    }

    @Test
    void samplesByRegionOfAPackAndNotByChunk() {
        DataSample sample = new DataSample(50, 7);
        ChunkRef any = contents.get(0).refs().get(0);
        for (int offset = 0; offset < 1 << 20; offset += 100_000) {
            ChunkRef near = new ChunkRef(any.pack(), offset, 1, 1, offset);
            assertThat(sample.holds(near)).isEqualTo(sample.holds(any));
        }
    }

    private DataCheckSummary check(DataSample sample) throws Exception {
        return new DataCheck(chunks, sample, 2, this).run(root);
    }

    private static void isFault(Throwable e, Fault fault) {
        assertThat(e)
                .isInstanceOfSatisfying(
                        FaultException.class, f -> assertThat(f.fault()).isEqualTo(fault));
    }

    @Override
    public void warning(EntryKey key, String reason) {
        throw new AssertionError(key + ": " + reason);
    }

    @Override
    public void failed(EntryKey key, String reason) {
        failed.add(key);
    }
}
