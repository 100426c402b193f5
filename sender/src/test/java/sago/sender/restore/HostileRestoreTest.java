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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.source.posix.OpenFolder;
import sago.sender.source.posix.PathBytes;
import sago.sender.source.posix.TestFiles;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKey;
import sago.sender.tree.FileContent;
import sago.sender.tree.MemoryChunks;
import sago.sender.tree.TestEntries;
import sago.sender.tree.TreeBuilder;
import sago.sender.tree.TreeRoot;

/** Trees that want to write elsewhere: whatever the result, nothing beside the target changes. */
class HostileRestoreTest {
    private static final int TREES = 5_000;

    private final MemoryChunks chunks = new MemoryChunks();

    @TempDir
    Path temporary;

    private Path outside;
    private Path target;

    @BeforeEach
    void folders() throws Exception {
        outside = Files.createDirectory(temporary.toRealPath().resolve("outside"));
        Files.writeString(outside.resolve("file"), "untouched");
        TestFiles.setModified(outside, 1, 1);
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

    @Test
    void fiveThousandHostileTreesChangeNothingOutside() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        HostileTrees trees = new HostileTrees(
                seed,
                chunks,
                List.of(outside.toString(), outside + "/file", "../outside", "..", "../../outside", "/", "a"));
        Files.createDirectory(target);
        String before = canary();
        int restored = 0;
        AtomicBoolean isDone = new AtomicBoolean();
        Thread swapper = new Thread(() -> swap(isDone, new Random(seed + 1)), "swapper");
        swapper.start();
        try {
            for (int i = 0; i < TREES; i++) {
                restored += restore(trees.next(), manner(random)) == null ? 1 : 0;
                if (i % 10 == 0) {
                    assertThat(canary()).as("seed %d, tree %d", seed, i).isEqualTo(before);
                }
            }
        } finally {
            isDone.set(true);
            swapper.join();
        }
        assertThat(canary()).isEqualTo(before);
        assertThat(restored).as("trees that were not refused as a whole").isGreaterThan(TREES / 20);
    }

    private static RestoreOptions.Manner manner(Random random) {
        Overwrite[] all = Overwrite.values();
        return new RestoreOptions.Manner(
                all[random.nextInt(all.length)], random.nextInt(3) == 0, random.nextInt(10) == 0);
    }

    /** Puts links, and other names of files outside, where the restore is at work. */
    private void swap(AtomicBoolean isDone, Random random) {
        List<String> names = List.of("a", "b", "c", "file", "outside");
        while (!isDone.get()) {
            // Itself never through a link, which is why it holds folders open.
            try (OpenFolder top = OpenFolder.open(target);
                    OpenFolder folder = random.nextBoolean()
                            ? top.folder(name(names.get(random.nextInt(names.size()))))
                            : top.folder(name("."))) {
                byte[] name = name(names.get(random.nextInt(names.size())));
                switch (random.nextInt(4)) {
                    case 0 -> {
                        folder.remove(name);
                        folder.makeLink(name, PathBytes.of(outside));
                    }
                    case 1 -> folder.makeLink(name, PathBytes.of(outside.resolve("file")));
                    case 2 -> {
                        folder.rename(name, name("aside" + random.nextInt(3)));
                        folder.makeLink(name, PathBytes.of(outside));
                    }
                    default -> folder.remove(name);
                }
            } catch (IOException e) {
                // The restore was faster.
                LockSupport.parkNanos(20_000);
            }
        }
    }

    private static byte[] name(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** All that could change outside, but for the times of the folder in which the target lies. */
    private String canary() throws IOException {
        StringBuilder seen = new StringBuilder();
        try (var paths = Files.walk(outside)) {
            for (Path path : (Iterable<Path>) paths.sorted()::iterator) {
                seen.append(path).append(' ').append(TestFiles.status(path)).append('\n');
            }
        }
        seen.append(Files.readString(outside.resolve("file")));
        try (var names = Files.list(temporary)) {
            names.map(path -> path.getFileName().toString())
                    .sorted()
                    .forEach(name -> seen.append(name).append(' '));
        }
        return seen.toString();
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
        return restore(root, RestoreOptions.Manner.DEFAULT);
    }

    private @Nullable Fault restore(TreeRoot root, RestoreOptions.Manner manner) throws Exception {
        RestoreListener ignore = new RestoreListener() {
            @Override
            public void warning(EntryKey key, String reason) {}

            @Override
            public void failed(EntryKey key, String reason) {}
        };
        try {
            new RestoreRun(chunks, root, options(manner), ignore, new SecureRandom()).run();
            return null;
        } catch (FaultException e) {
            return e.fault();
        }
    }

    private RestoreOptions options(RestoreOptions.Manner manner) {
        Scope scope = new Scope(EntryKey.ROOT, List.of(EntryKey.ROOT), List.of(), List.of());
        return new RestoreOptions(target, scope, manner, 2);
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
