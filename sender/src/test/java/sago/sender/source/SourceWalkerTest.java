package sago.sender.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.sun.jna.Function;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.source.posix.PathBytes;
import sago.sender.source.posix.Posix;
import sago.sender.source.posix.TestFiles;
import sago.sender.tree.Attributes;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKey;
import sago.sender.tree.EntryKind;
import sago.sender.tree.Hole;
import sago.sender.tree.Holes;
import sago.sender.tree.Moment;
import sago.sender.tree.Xattr;

class SourceWalkerTest {
    @TempDir
    Path temporary;

    private Path folder;
    private final List<Path> unreadable = new ArrayList<>();

    @BeforeEach
    void realPath() throws IOException {
        folder = temporary.toRealPath();
    }

    @Test
    void givesFoldersAboveTheRootsOnceAndEverythingBelowInKeyOrder() throws Exception {
        Path one = Files.createDirectories(folder.resolve("b/one"));
        Path two = Files.createDirectories(folder.resolve("b.two"));
        Files.writeString(one.resolve("file"), "x");
        Files.writeString(folder.resolve("b/not chosen"), "x");
        Files.writeString(two.resolve("z"), "x");
        Files.createDirectory(two.resolve("a"));
        Files.writeString(two.resolve("a.b"), "x");
        Files.writeString(two.resolve("a/c"), "x");

        List<SourceEntry> entries = walk(List.of(two, one, one.resolve("file")), Set.of());

        assertThat(entries)
                .isSortedAccordingTo(
                        (a, b) -> a.entry().key().compareTo(b.entry().key()));
        assertThat(entries.get(0).entry().key()).isEqualTo(EntryKey.ROOT);
        String top = folder.toString();
        List<String> above = new ArrayList<>();
        for (Path at = folder; at != null; at = at.getParent()) {
            above.add(0, at.toString());
        }
        List<String> expected = new ArrayList<>(above);
        expected.addAll(List.of(
                top + "/b",
                top + "/b/one",
                top + "/b/one/file",
                top + "/b.two",
                top + "/b.two/a",
                top + "/b.two/a/c",
                top + "/b.two/a.b",
                top + "/b.two/z"));
        assertThat(entries.stream().map(e -> e.entry().key().toString())).containsExactlyElementsOf(expected);
        assertThat(unreadable).isEmpty();
    }

    @Test
    void readsEveryAttribute() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "hello");
        TestFiles.setMode(file, 04751);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_600_000_000L, 123_456_789)));

        Entry entry = only(file);

        Attributes attributes = entry.attributes();
        assertThat(attributes.kind()).isEqualTo(EntryKind.FILE);
        assertThat(attributes.mode()).isEqualTo(04751);
        assertThat(attributes.size()).isEqualTo(5);
        assertThat(attributes.modified()).isEqualTo(new Moment(1_600_000_000L, 123_456_789));
        assertThat(attributes.uid()).isEqualTo(Files.getAttribute(file, "unix:uid"));
        assertThat(attributes.identity().inode()).isEqualTo(Files.getAttribute(file, "unix:ino"));
        assertThat(attributes.identity().links()).isEqualTo(1);
        assertThat(attributes.changed().seconds()).isGreaterThan(1_600_000_000L);
    }

    @Test
    void followsNoLinkAndKeepsItsTarget() throws Exception {
        Path real = Files.createDirectory(folder.resolve("real"));
        Files.writeString(real.resolve("file"), "x");
        Path root = Files.createDirectory(folder.resolve("root"));
        TestFiles.makeLink(root.resolve("link"), "..//real".getBytes(StandardCharsets.UTF_8));

        List<SourceEntry> entries = walk(List.of(root), Set.of());

        SourceEntry last = entries.get(entries.size() - 1);
        assertThat(last.entry().kind()).isEqualTo(EntryKind.SYMLINK);
        assertThat(last.entry().linkTarget().toStringUtf8()).isEqualTo("..//real");
        assertThatThrownBy(last::open).isInstanceOf(IOException.class);
    }

    @Test
    void resolvesLinksAboveARootSoThatItHasRealFoldersAboveIt() throws Exception {
        Path real = Files.createDirectories(folder.resolve("real/below"));
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real"));

        SourceRoots roots = SourceRoots.of(List.of(folder.resolve("link/below")));

        assertThat(roots.keys()).containsExactly(EntryKey.ofPath(PathBytes.of(real)));
    }

    @Test
    void namesOfAnyBytesBecomeKeysOfThoseBytes() throws Exception {
        List<byte[]> names = new ArrayList<>();
        for (int b = 1; b < 256; b++) {
            if (b != '/' && b != '.') {
                names.add(new byte[] {(byte) b});
            }
        }
        for (byte[] name : names) {
            Files.createFile(PathBytes.resolve(folder, name));
        }

        List<SourceEntry> entries = walk(List.of(folder), Set.of());

        List<SourceEntry> below = entries.subList(entries.size() - names.size(), entries.size());
        for (int i = 0; i < names.size(); i++) {
            assertThat(below.get(i).entry().key().name()).isEqualTo(names.get(i));
            below.get(i).open().close();
        }
    }

    @Test
    void leavesOutWhatIsExcluded() throws Exception {
        Path home = Files.createDirectories(folder.resolve("a/home"));
        Files.writeString(home.resolve("secret"), "x");
        Files.writeString(folder.resolve("a/kept"), "x");

        List<SourceEntry> entries = walk(List.of(folder), Set.of(home));

        assertThat(entries.stream().map(SourceEntry::path))
                .contains(folder.resolve("a/kept"))
                .doesNotContain(home, home.resolve("secret"));
    }

    @Test
    void countsWhatVanishesWhileItWalks() throws Exception {
        Path first = Files.writeString(folder.resolve("a"), "x");
        Path gone = Files.writeString(folder.resolve("b"), "x");
        SourceWalker walker = walker(List.of(folder), Set.of());
        for (SourceEntry entry = walker.next(); entry != null; entry = walker.next()) {
            if (entry.path().equals(first)) {
                Files.delete(gone);
            }
        }

        assertThat(walker.vanished()).isEqualTo(1);
        assertThat(unreadable).isEmpty();
    }

    @Test
    void recordsPipesToo() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertThat(only(pipe).kind()).isEqualTo(EntryKind.FIFO);
    }

    @Test
    void recordsSocketsAndDevicesWithTheirNumbers() throws Exception {
        Path socket = folder.resolve("socket");
        TestFiles.makeNode(socket, EntryKind.SOCKET, 0);
        assertThat(only(socket).kind()).isEqualTo(EntryKind.SOCKET);
        assertThat(only(Path.of("/dev/null")).kind()).isEqualTo(EntryKind.CHARACTER_DEVICE);
        assertThat(only(Path.of("/dev/null")).attributes().rdev())
                .isEqualTo(Files.getAttribute(Path.of("/dev/null"), "unix:rdev"));
        assertThat(only(socket).attributes().identity().device()).isEqualTo(Files.getAttribute(socket, "unix:dev"));
    }

    @Test
    void opensNeitherPipesNorWhatHasTakenTheirPlace() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x");
        List<SourceEntry> entries = walk(List.of(file), Set.of());
        SourceEntry found = entries.get(entries.size() - 1);
        Files.delete(file);
        TestFiles.makeNode(file, EntryKind.FIFO, 0);

        assertThatThrownBy(found::open).isInstanceOf(IOException.class).hasMessageContaining("place");
    }

    @Test
    void tellsAFileThatChangedFromOneThatDidNot() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x");
        List<SourceEntry> entries = walk(List.of(file), Set.of());
        SourceEntry found = entries.get(entries.size() - 1);

        try (SourceFile open = found.open()) {
            assertThat(open.isAsWalked()).isTrue();
            assertThat(open.size()).isEqualTo(1);
            Files.writeString(file, "xy");
            assertThat(open.isAsWalked()).isFalse();
        }
        Files.writeString(folder.resolve("other"), "x");
        Files.move(folder.resolve("other"), file, StandardCopyOption.REPLACE_EXISTING);
        try (SourceFile open = found.open()) {
            assertThat(open.isAsWalked()).isFalse();
        }
    }

    @Test
    void findsTheHolesOfASparseFile() throws Exception {
        Path file = folder.resolve("sparse");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1}), 10L << 30);
            channel.write(ByteBuffer.wrap(new byte[] {1}), 1 << 20);
        }
        List<SourceEntry> entries = walk(List.of(file), Set.of());
        long size = (10L << 30) + 1;

        try (SourceFile open = entries.get(entries.size() - 1).open()) {
            Holes holes = open.holes(size);
            Assumptions.assumeTrue(!holes.isEmpty(), "this file system knows no holes");
            assertThat(holes.list())
                    .containsExactly(new Hole(0, 1 << 20), new Hole((1 << 20) + 4096, (10L << 30) - (1 << 20) - 4096));
            assertThat(open.holes(1 << 20).list()).containsExactly(new Hole(0, 1 << 20));
            assertThat(open.channel().read(ByteBuffer.allocate(10), (10L << 30)))
                    .isEqualTo(1);
            assertThat(open.channel().read(ByteBuffer.allocate(10), size)).isEqualTo(-1);
        }
    }

    @Test
    void reachesPathsThatAreLongerThanTheKernelTakes() throws Exception {
        byte[] deep = (folder + ("/" + "d".repeat(200)).repeat(60)).getBytes(StandardCharsets.UTF_8);
        assertThat(run("cd '" + folder + "'; n=" + "d".repeat(200)
                        + "; for i in $(seq 60); do mkdir $n; cd -P $n; done; echo hello > file; ln -s target link"))
                .isZero();
        try {
            List<SourceEntry> entries = walk(List.of(folder), Set.of());

            assertThat(unreadable).isEmpty();
            SourceEntry link = entries.get(entries.size() - 1);
            SourceEntry file = entries.get(entries.size() - 2);
            assertThat(file.entry().key()).isEqualTo(EntryKey.ofPath(deep).child(new byte[] {'f', 'i', 'l', 'e'}));
            assertThat(link.entry().linkTarget().toStringUtf8()).isEqualTo("target");
            try (SourceFile open = file.open()) {
                assertThat(open.isAsWalked()).isTrue();
                assertThat(open.channel().read(ByteBuffer.allocate(10), 0)).isEqualTo(6);
            }
        } finally {
            assertThat(run("rm -rf '" + folder + "/" + "d".repeat(200) + "'")).isZero();
        }
    }

    @Test
    void tellsWhatItMayNotRead() throws Exception {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        TestFiles.setMode(closed, 0);
        TestFiles.setMode(folder, 0755);

        // Root may read everything, but for as long as this thread looks at files as somebody else.
        boolean root = Posix.load().uid() == 0;
        Function lookAs = Function.getFunction("c", "setfsuid");
        int self = root ? lookAs.invokeInt(new Object[] {65534}) : 0;
        try {
            assertThat(only(closed).kind()).isEqualTo(EntryKind.DIRECTORY);
        } finally {
            if (root) {
                lookAs.invokeInt(new Object[] {self});
            }
        }
        assertThat(unreadable).containsExactly(closed);
        TestFiles.setMode(closed, 0700);
    }

    @Test
    void readsExtendedAttributesOfEveryKind() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x");
        List<Xattr> wanted = List.of(
                new Xattr(ByteString.copyFromUtf8("user.a"), ByteString.EMPTY),
                new Xattr(ByteString.copyFromUtf8("user.b"), ByteString.copyFrom(new byte[] {0, 1, (byte) 0xff})));
        try {
            TestFiles.setXattrs(file, wanted);
        } catch (IOException e) {
            Assumptions.abort("no extended attributes here: " + e.getMessage());
        }
        SourceWalker walker = walker(List.of(file), Set.of());
        List<Xattr> found = List.of();
        for (SourceEntry entry = walker.next(); entry != null; entry = walker.next()) {
            found = walker.withXattrs(entry).entry().xattrs();
        }

        assertThat(found).isEqualTo(wanted);
    }

    private static int run(String script) throws Exception {
        return new ProcessBuilder("bash", "-ec", script).inheritIO().start().waitFor();
    }

    @Test
    void refusesRootsThatDoNotExist() {
        assertThatThrownBy(() -> SourceRoots.of(List.of(folder.resolve("absent"))))
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.NOT_FOUND));
        assertThatThrownBy(() -> SourceRoots.of(List.of()))
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.USAGE));
    }

    private Entry only(Path path) throws Exception {
        List<SourceEntry> entries = walk(List.of(path), Set.of());
        return entries.get(entries.size() - 1).entry();
    }

    private List<SourceEntry> walk(List<Path> paths, Set<Path> excluded) throws Exception {
        SourceWalker walker = walker(paths, excluded);
        List<SourceEntry> entries = new ArrayList<>();
        for (SourceEntry entry = walker.next(); entry != null; entry = walker.next()) {
            entries.add(entry);
        }
        return entries;
    }

    private SourceWalker walker(List<Path> paths, Set<Path> excluded) throws Exception {
        return new SourceWalker(SourceRoots.of(paths), excluded, (path, reason) -> unreadable.add(path));
    }
}
