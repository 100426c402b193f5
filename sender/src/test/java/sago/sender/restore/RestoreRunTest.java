package sago.sender.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.pack.ChunkKind;
import sago.sender.pattern.PathPattern;
import sago.sender.source.SourceEntry;
import sago.sender.source.SourceRoots;
import sago.sender.source.SourceWalker;
import sago.sender.source.posix.FileStatus;
import sago.sender.source.posix.PathBytes;
import sago.sender.source.posix.Posix;
import sago.sender.source.posix.TestFiles;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKey;
import sago.sender.tree.EntryKind;
import sago.sender.tree.MemoryChunks;
import sago.sender.tree.TreeBuilder;
import sago.sender.tree.TreeRoot;

/** Real folders through walker, tree and restore, and back. */
class RestoreRunTest {
    private final MemoryChunks chunks = new MemoryChunks();
    private final List<String> messages = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    Path temporary;

    private Path source;
    private Path target;
    private Posix posix;

    @BeforeEach
    void folders() throws Exception {
        source = Files.createDirectory(temporary.toRealPath().resolve("source"));
        target = temporary.toRealPath().resolve("target");
        posix = Posix.load();
    }

    @Test
    void everythingComesBackAsItWas() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        fill(new Random(seed));

        RestoreSummary summary = restore(backUp());

        assertThat(messages).isEmpty();
        assertThat(look(below(source))).isEqualTo(look(source));
        assertThat(summary.files()).isEqualTo(countFiles());
        assertThat(summary.trouble().warnings()
                        + summary.trouble().failed()
                        + summary.trouble().damaged())
                .isZero();
    }

    @Test
    void namesOfAllBytesComeBack() throws Exception {
        for (int b = 1; b < 256; b++) {
            if (b != '/') {
                byte[] name = {(byte) b, 'x'};
                Path folder = Files.createDirectory(PathBytes.resolve(source, name));
                Files.write(PathBytes.resolve(folder, name), name);
            }
        }
        TestFiles.makeLink(source.resolve("link"), new byte[] {(byte) 0xff, '/', '/', (byte) 0x80});

        restore(backUp());

        assertThat(look(below(source))).isEqualTo(look(source));
        assertThat(messages).isEmpty();
    }

    @Test
    void setuidOwnersAndTimesComeBack() throws Exception {
        Path file = Files.writeString(source.resolve("file"), "x");
        Path folder = Files.createDirectory(source.resolve("folder"));
        Path link = source.resolve("link");
        Files.writeString(folder.resolve("inside"), "x");
        TestFiles.makeLink(link, "nowhere".getBytes(StandardCharsets.UTF_8));
        if (posix.uid() == 0) {
            for (Path path : List.of(file, folder, link)) {
                TestFiles.setOwner(path, 1234, 5678);
            }
        }
        TestFiles.setMode(file, 06755);
        TestFiles.setMode(folder, 03511);
        TestFiles.setModified(file, 1_000_000_000L, 1);
        TestFiles.setModified(link, 1_000_000_001L, 999_999_999);
        TestFiles.setModified(folder, 1_000_000_002L, 500_000_000);

        restore(backUp());

        assertThat(look(below(source))).isEqualTo(look(source));
        assertThat(TestFiles.status(below(file)).mode() & 07777).isEqualTo(06755);
    }

    @Test
    void deepPathsComeBack() throws Exception {
        Path at = source;
        for (int i = 0; i < 90; i++) {
            at = Files.createDirectory(at.resolve("a-folder-in-a-folder-" + i));
        }
        Files.writeString(at.resolve("bottom"), "x");

        restore(backUp());

        assertThat(look(below(source))).isEqualTo(look(source));
    }

    @Test
    void largeFilesComeBackInParts() throws Exception {
        byte[] bytes = new byte[(64 << 20) + 12_345];
        new Random(1).nextBytes(bytes);
        Files.write(source.resolve("large"), bytes);

        RestoreSummary summary = restore(backUp(1 << 20));

        assertThat(Files.mismatch(below(source.resolve("large")), source.resolve("large")))
                .isEqualTo(-1);
        assertThat(look(below(source))).isEqualTo(look(source));
        assertThat(summary.bytes()).isEqualTo(bytes.length);
        assertThat(summary.files()).isEqualTo(1);
    }

    @Test
    void writesOnlyWhatDiffers() throws Exception {
        Files.writeString(source.resolve("same"), "same bytes");
        Files.writeString(source.resolve("other"), "these bytes");
        Files.writeString(source.resolve("longer"), "short");
        TreeRoot root = backUp(4);
        restore(root);
        Object same = Files.getAttribute(below(source.resolve("same")), "unix:ino");
        Files.writeString(below(source.resolve("other")), "these Bytes");
        Files.writeString(below(source.resolve("longer")), "longer than before");
        Files.writeString(below(source.resolve("extra")), "the user's own");

        RestoreSummary summary = restore(root);

        assertThat(summary.unchanged()).isEqualTo(1);
        assertThat(summary.files()).isEqualTo(2);
        assertThat(Files.getAttribute(below(source.resolve("same")), "unix:ino"))
                .isEqualTo(same);
        assertThat(Files.readString(below(source.resolve("extra")))).isEqualTo("the user's own");
        Files.delete(below(source.resolve("extra")));
        restore(root);
        assertThat(look(below(source))).isEqualTo(look(source));
    }

    @Test
    void restoresOnlyWhatIsIncludedWithItsParents() throws Exception {
        Files.createDirectories(source.resolve("a/b"));
        Files.createDirectories(source.resolve("c/b"));
        Files.writeString(source.resolve("a/b/one.log"), "1");
        Files.writeString(source.resolve("a/two.log"), "2");
        Files.writeString(source.resolve("c/b/three.txt"), "3");
        TestFiles.setMode(source.resolve("a"), 0711);
        TreeRoot root = backUp();

        restore(root, source + "/a/b");
        assertThat(filesBelow(below(source))).containsExactly("a", "a/b", "a/b/one.log");
        assertThat(TestFiles.status(below(source.resolve("a"))).mode() & 07777).isEqualTo(0711);

        target = target.resolveSibling("globs");
        restore(root, source + "/**/*.log", "three.*");
        assertThat(filesBelow(below(source)))
                .containsExactly("a", "a/b", "a/b/one.log", "a/two.log", "c", "c/b", "c/b/three.txt");
    }

    @Test
    void saysWhenNothingMatchesAndCreatesNothing() throws Exception {
        TreeRoot root = backUp();
        for (String include : List.of("/absent", source + "/absent", source + "/**/absent*", "absent/below")) {
            assertFault(Fault.NOT_FOUND, () -> restore(root, include));
        }
        assertThat(target).doesNotExist();
    }

    @Test
    void warnsOfPatternsThatMatchNothingBesideOthers() throws Exception {
        Files.writeString(source.resolve("a"), "1");
        restore(backUp(), source + "/a", "/absent");

        assertThat(messages).singleElement().asString().contains("/absent");
    }

    @Test
    void refusesTargetsThatAreNoFolder() throws Exception {
        Files.writeString(target, "a file");
        TreeRoot root = backUp();

        assertFault(Fault.USAGE, () -> restore(root));
        assertThat(Files.readString(target)).isEqualTo("a file");
    }

    @Test
    void leavesTheTargetFolderItselfAlone() throws Exception {
        Files.createDirectory(target);
        TestFiles.setMode(target, 0750);
        restore(backUp());

        assertThat(TestFiles.status(target).mode() & 07777).isEqualTo(0750);
    }

    @Test
    void goesOnAfterADamagedFileAndReportsIt() throws Exception {
        Files.writeString(source.resolve("bad"), "bad bytes");
        Files.writeString(source.resolve("good"), "good bytes");
        TreeRoot root = backUp();
        chunks.damage(chunks.data("bad bytes".getBytes(StandardCharsets.UTF_8)));

        RestoreSummary summary = restore(root);

        assertThat(summary.trouble().damaged()).isEqualTo(1);
        assertThat(summary.files()).isEqualTo(1);
        assertThat(filesBelow(below(source))).containsExactly("good");
        assertFault(Fault.INTEGRITY, summary::requireComplete);
        assertThat(messages).singleElement().asString().contains("bad");
    }

    @Test
    void damagedPartOfALargeFileLeavesNothingUnderItsName() throws Exception {
        byte[] bytes = new byte[(64 << 20) + 1];
        new Random(2).nextBytes(bytes);
        Files.write(source.resolve("large"), bytes);
        TreeRoot root = backUp(1 << 20);
        chunks.damage(chunks.data(new byte[] {bytes[bytes.length - 1]}));

        assertThat(restore(root).trouble().damaged()).isEqualTo(1);
        assertThat(filesBelow(below(source))).isEmpty();
    }

    @Test
    void anyOtherFaultEndsTheRunAndLeavesNoDraft() throws Exception {
        for (int i = 0; i < 50; i++) {
            Files.writeString(source.resolve("file" + i), "bytes " + i);
        }
        TreeRoot root = backUp();
        RestoreOptions options = RestoreOptions.everything(target, 2);
        RestoreRun run = new RestoreRun(
                (ref, kind) -> {
                    if (kind == ChunkKind.DATA) {
                        throw new FaultException(Fault.CONNECTION_LOST, "the site is gone");
                    }
                    return chunks.read(ref, kind);
                },
                root,
                options,
                listener(),
                new SecureRandom());

        assertFault(Fault.CONNECTION_LOST, run::run);
        assertThat(filesBelow(below(source))).isEmpty();
    }

    @Test
    void pipesComeBack() throws Exception {
        Path pipe = source.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Files.writeString(source.resolve("file"), "x");

        RestoreSummary summary = restore(backUp());

        assertThat(summary.others().nodes()).isEqualTo(1);
        assertThat(filesBelow(below(source))).containsExactly("file", "pipe");
        assertThat(look(below(source))).isEqualTo(look(source));
    }

    @Test
    void replacesWhatStandsInTheWayButNeverFollowsIt() throws Exception {
        Files.createDirectories(source.resolve("folder"));
        Files.writeString(source.resolve("folder/inside"), "from the snapshot");
        Files.writeString(source.resolve("file"), "from the snapshot");
        TreeRoot root = backUp();
        Path outside = Files.createDirectory(temporary.resolve("outside"));
        Files.writeString(outside.resolve("inside"), "untouched");
        Files.createDirectories(below(source));
        Files.createSymbolicLink(below(source.resolve("folder")), outside);
        Files.createSymbolicLink(below(source.resolve("file")), outside.resolve("inside"));

        restore(root);

        assertThat(Files.readString(outside.resolve("inside"))).isEqualTo("untouched");
        assertThat(look(below(source))).isEqualTo(look(source));
    }

    private void fill(Random random) throws Exception {
        List<Path> folders = new ArrayList<>(List.of(source));
        for (int i = 0; i < 300; i++) {
            Path folder = folders.get(random.nextInt(folders.size()));
            Path path = folder.resolve("entry" + i);
            switch (random.nextInt(4)) {
                case 0 -> folders.add(Files.createDirectory(path));
                case 1 -> TestFiles.makeLink(path, ("target" + i).getBytes(StandardCharsets.UTF_8));
                default -> {
                    byte[] bytes = new byte[random.nextInt(3) == 0 ? 0 : random.nextInt(5_000)];
                    random.nextBytes(bytes);
                    Files.write(path, bytes);
                    TestFiles.setMode(path, 0400 | random.nextInt(010000));
                }
            }
            TestFiles.setModified(path, random.nextInt(), random.nextInt(1_000_000_000));
        }
        for (Path folder : folders) {
            TestFiles.setMode(folder, 0500 | random.nextInt(0100));
            TestFiles.setModified(folder, random.nextInt(), random.nextInt(1_000_000_000));
        }
    }

    private long countFiles() throws IOException {
        try (var paths = Files.walk(source)) {
            return paths.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .count();
        }
    }

    private TreeRoot backUp() throws Exception {
        return backUp(1000);
    }

    private TreeRoot backUp(int chunkBytes) throws Exception {
        TreeBuilder tree = new TreeBuilder(chunks);
        SourceWalker walker = new SourceWalker(
                SourceRoots.of(List.of(source)), Set.of(), (path, reason) -> messages.add(path + ": " + reason));
        for (SourceEntry found = walker.next(); found != null; found = walker.next()) {
            Entry entry = found.entry();
            if (entry.kind() == EntryKind.FILE) {
                entry = entry.withContent(chunks.content(Files.readAllBytes(found.path()), chunkBytes));
            }
            tree.add(entry);
        }
        return tree.finish();
    }

    private RestoreSummary restore(TreeRoot root, String... includes) throws Exception {
        List<PathPattern> patterns = new ArrayList<>();
        for (String include : includes) {
            patterns.add(PathPattern.parse(include));
        }
        return new RestoreRun(
                        chunks,
                        root,
                        new RestoreOptions(
                                target,
                                new Scope(EntryKey.ROOT, List.of(), patterns, List.of()),
                                RestoreOptions.Manner.DEFAULT,
                                3),
                        listener(),
                        new SecureRandom())
                .run();
    }

    private RestoreListener listener() {
        return new RestoreListener() {
            @Override
            public void warning(EntryKey key, String reason) {
                messages.add(key + ": " + reason);
            }

            @Override
            public void failed(EntryKey key, String reason) {
                messages.add(key + ": " + reason);
            }
        };
    }

    /** Where a source path is restored to. */
    private Path below(Path path) {
        return target.resolve(Path.of("/").relativize(path));
    }

    private static List<String> filesBelow(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            return paths.filter(path -> !path.equals(folder))
                    .map(path -> folder.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    /** All that a restore must bring back, by path below the folder. */
    private static Map<EntryKey, String> look(Path folder) throws IOException {
        byte[] prefix = PathBytes.of(folder);
        Map<EntryKey, String> seen = new TreeMap<>();
        try (var paths = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                byte[] bytes = PathBytes.of(path);
                byte[] below = Arrays.copyOfRange(bytes, prefix.length, bytes.length);
                FileStatus status = TestFiles.status(path);
                String content = switch (Objects.requireNonNull(EntryKind.ofMode(status.mode()))) {
                    case FILE -> Arrays.hashCode(Files.readAllBytes(path)) + " " + status.size();
                    case SYMLINK -> Arrays.toString(PathBytes.of(Files.readSymbolicLink(path)));
                    default -> "";
                };
                seen.put(
                        below.length == 0 ? EntryKey.ROOT : EntryKey.ofPath(below),
                        Integer.toOctalString(status.mode()) + " " + status.uid() + ":" + status.gid() + " "
                                + status.modified() + " " + content);
            }
        }
        return seen;
    }

    /** Something that ends with a fault. */
    private interface Ends {
        void run() throws Exception;
    }

    private static void assertFault(Fault fault, Ends ends) {
        assertThatThrownBy(ends::run)
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(fault));
    }
}
