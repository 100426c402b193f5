package sago.sender.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.source.posix.Posix;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKey;
import sago.sender.tree.FileContent;
import sago.sender.tree.MemoryChunks;
import sago.sender.tree.TestEntries;
import sago.sender.tree.TreeBuilder;
import sago.sender.tree.TreeRoot;

/** Trees that want to write elsewhere: whatever the result, nothing beside the target changes. */
class HostileRestoreTest {
    private final MemoryChunks chunks = new MemoryChunks();

    @TempDir
    Path temporary;

    private Path outside;
    private Path target;

    @BeforeEach
    void folders() throws Exception {
        outside = Files.createDirectory(temporary.toRealPath().resolve("outside"));
        Files.writeString(outside.resolve("file"), "untouched");
        Posix.load().setModified(outside, 1, 1);
        target = temporary.toRealPath().resolve("target");
    }

    @Test
    void refusesAFileBelowALink() throws Exception {
        TreeRoot root = tree(
                TestEntries.folder("/"),
                TestEntries.link("/a", outside.toString()),
                TestEntries.file("/a/file", content()));

        assertThat(restore(root)).isEqualTo(Fault.INTEGRITY);
        assertOutsideUntouched();
    }

    @Test
    void refusesALinkOrFolderBelowALinkOrFile() throws Exception {
        for (Entry parent : List.of(
                TestEntries.link("/a", outside.toString()),
                TestEntries.link("/a", "../outside"),
                TestEntries.file("/a", content()))) {
            for (Entry child : List.of(TestEntries.link("/a/x", "file"), TestEntries.folder("/a/x"))) {
                assertThat(restore(tree(TestEntries.folder("/"), parent, child)))
                        .isEqualTo(Fault.INTEGRITY);
                assertOutsideUntouched();
            }
        }
    }

    @Test
    void refusesEntriesWithoutParentFolders() throws Exception {
        assertThat(restore(tree(TestEntries.folder("/"), TestEntries.folder("/a/b"))))
                .isEqualTo(Fault.INTEGRITY);
        assertThat(restore(tree(TestEntries.folder("/a")))).isEqualTo(Fault.INTEGRITY);
        assertThat(restore(tree(TestEntries.link("/", "x")))).isEqualTo(Fault.INTEGRITY);
    }

    @Test
    void neverWritesThroughALinkThatIsInTheTargetAlready() throws Exception {
        TreeRoot root = tree(
                TestEntries.folder("/"),
                TestEntries.folder("/a"),
                TestEntries.file("/a/file", content()),
                TestEntries.link("/a/link", "x"));
        Files.createDirectory(target);
        Files.createSymbolicLink(target.resolve("a"), outside);

        assertThat(restore(root)).isNull();

        assertOutsideUntouched();
        assertThat(Files.isSymbolicLink(target.resolve("a"))).isFalse();
    }

    @Test
    void linksThatPointOutsideAreCreatedButNotFollowed() throws Exception {
        TreeRoot root = tree(TestEntries.folder("/"), TestEntries.link("/a", outside + "/file"));

        assertThat(restore(root)).isNull();
        assertThat(restore(root)).isNull();

        assertOutsideUntouched();
        assertThat(Files.readSymbolicLink(target.resolve("a"))).isEqualTo(outside.resolve("file"));
    }

    @Test
    void randomShapesOfLinksAndFoldersStayInside() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            restore(randomTree(random));
            assertOutsideUntouched();
        }
    }

    /** Few names, so that links, files and folders of one name meet in the target, in this tree and in the next. */
    private TreeRoot randomTree(Random random) throws Exception {
        List<Entry> entries = new ArrayList<>(List.of(TestEntries.folder("/")));
        for (String path : List.of("/a", "/a/a", "/a/a/a", "/a/b", "/b", "/b/a", "/b/file", "/c")) {
            switch (random.nextInt(5)) {
                case 0 -> entries.add(TestEntries.file(path, content()));
                case 1 -> entries.add(TestEntries.link(path, random.nextBoolean() ? outside.toString() : "../outside"));
                case 2, 3 -> entries.add(TestEntries.folder(path));
                default -> {}
            }
        }
        return tree(entries.toArray(new Entry[0]));
    }

    private FileContent content() throws Exception {
        return chunks.content("from the tree".getBytes(StandardCharsets.UTF_8), 5);
    }

    private TreeRoot tree(Entry... entries) throws Exception {
        TreeBuilder builder = new TreeBuilder(chunks);
        for (Entry entry : entries) {
            builder.add(entry);
        }
        return builder.finish();
    }

    /** The fault that ended the restore, or null. */
    private @Nullable Fault restore(TreeRoot root) throws Exception {
        RestoreListener ignore = new RestoreListener() {
            @Override
            public void warning(EntryKey key, String reason) {}

            @Override
            public void failed(EntryKey key, String reason) {}
        };
        try {
            new RestoreRun(chunks, root, RestoreOptions.everything(target, 2), ignore, new SecureRandom()).run();
            return null;
        } catch (FaultException e) {
            return e.fault();
        }
    }

    private void assertOutsideUntouched() throws IOException {
        try (var names = Files.list(temporary)) {
            assertThat(names.map(path -> path.getFileName().toString())).isSubsetOf("outside", "target");
        }
        try (var names = Files.list(outside)) {
            assertThat(names.map(path -> path.getFileName().toString())).containsExactly("file");
        }
        assertThat(Files.readString(outside.resolve("file"))).isEqualTo("untouched");
        assertThat(Files.getLastModifiedTime(outside).toInstant()).isEqualTo(Instant.ofEpochSecond(1, 1));
    }
}
