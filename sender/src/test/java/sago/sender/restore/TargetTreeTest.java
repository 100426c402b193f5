package sago.sender.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.sender.pattern.PathPattern;
import sago.sender.source.posix.FileStatus;
import sago.sender.source.posix.OpenFolder;
import sago.sender.source.posix.OpenNode;
import sago.sender.source.posix.Posix;
import sago.sender.source.posix.TestFiles;
import sago.sender.tree.Attributes;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKey;
import sago.sender.tree.EntryKind;
import sago.sender.tree.Hole;
import sago.sender.tree.Holes;
import sago.sender.tree.MemoryChunks;
import sago.sender.tree.Moment;
import sago.sender.tree.TestEntries;
import sago.sender.tree.TreeBuilder;
import sago.sender.tree.TreeRoot;
import sago.sender.tree.Xattr;

/** Trees made by hand, over targets that hold something already. */
class TargetTreeTest {
    private static final Moment TIME = new Moment(1_600_000_000L, 7);

    private final MemoryChunks chunks = new MemoryChunks();
    private final List<String> actions = Collections.synchronizedList(new ArrayList<>());
    private final List<String> messages = Collections.synchronizedList(new ArrayList<>());
    private final Map<EntryKey, Entry> entries = new TreeMap<>();

    @TempDir
    Path temporary;

    private Path target;

    @BeforeEach
    void folders() throws Exception {
        target = temporary.toRealPath().resolve("target");
        put(folder("/"));
        put(folder("/data"));
    }

    @Test
    void namesOfOneFileBecomeHardLinks() throws Exception {
        put(linked("/data/a", 7, "bytes"));
        put(linked("/data/b", 7, "bytes"));
        put(linked("/data/c", 8, "bytes"));
        put(folder("/data/d"));
        put(linked("/data/d/e", 7, "bytes"));

        RestoreSummary summary = restore(RestoreOptions.Manner.DEFAULT);
        long inode = inode("data/a");

        assertThat(List.of(inode("data/b"), inode("data/d/e"))).containsOnly(inode);
        assertThat(inode("data/c")).isNotEqualTo(inode);
        assertThat(summary.others().hardLinks()).isEqualTo(2);
        restore(RestoreOptions.Manner.DEFAULT);
        assertThat(List.of(inode("data/a"), inode("data/b"), inode("data/d/e"))).containsOnly(inode);
        assertThat(messages).isEmpty();
    }

    @Test
    void whatTheTargetHandsDownStaysOutOfTheRestoredFiles() throws Exception {
        Assumptions.assumeTrue(uid() == 0, "only root can give files to other groups");
        Files.createDirectory(target);
        TestFiles.setOwner(target, uid(), gid() + 4_321);
        TestFiles.setMode(target, 02755);
        // Version 2, user::rwx, user 1:rw-, group::r-x, mask::rwx, other::r-x
        byte[] acl = HexFormat.of()
                .parseHex("02000000" + "01000700ffffffff" + "0200060001000000" + "04000500ffffffff" + "10000700ffffffff"
                        + "20000500ffffffff");
        try {
            TestFiles.setXattrs(
                    target,
                    List.of(new Xattr(ByteString.copyFromUtf8("system.posix_acl_default"), ByteString.copyFrom(acl))));
        } catch (IOException e) {
            Assumptions.abort("no ACLs on this file system: " + e.getMessage());
        }
        put(file("/data/a", "bytes"));
        put(folder("/data/d"));
        put(file("/data/d/b", "bytes"));

        restore(RestoreOptions.Manner.DEFAULT);

        for (String name : List.of("data", "data/a", "data/d", "data/d/b")) {
            Path restored = target.resolve(name);
            assertThat(TestFiles.xattrs(restored)).as(name).isEmpty();
            assertThat(TestFiles.status(restored).gid()).as(name).isEqualTo(gid());
            Entry entry = Objects.requireNonNull(entries.get(TestEntries.key("/" + name)));
            assertThat(TestFiles.status(restored).mode() & 07777)
                    .as(name)
                    .isEqualTo(entry.attributes().mode());
        }
        assertThat(messages).isEmpty();
    }

    @Test
    void aFileThatChangedBetweenItsNamesStaysTwo() throws Exception {
        put(linked("/data/a", 7, "before"));
        put(linked("/data/b", 7, "afterwards"));

        restore(RestoreOptions.Manner.DEFAULT);

        assertThat(Files.readString(target.resolve("data/a"))).isEqualTo("before");
        assertThat(Files.readString(target.resolve("data/b"))).isEqualTo("afterwards");
    }

    @Test
    void hardLinksBeyondTheBudgetAreRememberedInADatabase() throws Exception {
        try (HardLinks names = new HardLinks(1000)) {
            for (int i = 0; i < 2_000; i++) {
                Entry first = linked("/data/a" + i, i, "x");
                assertThat(names.firstName(first)).isEqualTo(first.key());
            }
            for (int i = 0; i < 2_000; i++) {
                assertThat(names.firstName(linked("/data/z" + i, i, "x"))).isEqualTo(TestEntries.key("/data/a" + i));
                Entry other = linked("/data/y" + i, i, "xy");
                assertThat(names.firstName(other)).isEqualTo(other.key());
            }
        }
    }

    @Test
    void namesOfAFolderBeyondTheBudgetAreRememberedInADatabase() throws Exception {
        try (UnmatchedNames names = new UnmatchedNames(10)) {
            UnmatchedNames.Folder outer = names.folder();
            UnmatchedNames.Folder inner = names.folder();
            for (int i = 0; i < 100; i++) {
                outer.add(("o" + i).getBytes(StandardCharsets.UTF_8));
                inner.add(("o" + i).getBytes(StandardCharsets.UTF_8));
            }
            for (int i = 0; i < 100; i += 2) {
                outer.remove(("o" + i).getBytes(StandardCharsets.UTF_8));
            }
            List<String> left = new ArrayList<>();
            outer.forEach(name -> left.add(new String(name, StandardCharsets.UTF_8)));
            assertThat(left).hasSize(50).contains("o1", "o99").doesNotContain("o0", "o98");
            outer.close();
            left.clear();
            inner.forEach(name -> left.add(new String(name, StandardCharsets.UTF_8)));
            assertThat(left).hasSize(100);
        }
    }

    @Test
    void holesTakeNoSpaceAndWhatStoodInThemIsRemoved() throws Exception {
        byte[] data = new byte[8192];
        new Random(1).nextBytes(data);
        Holes holes = Holes.of(List.of(new Hole(4096, 1 << 20), new Hole((1 << 20) + 8192, 1 << 20)));
        put(Entry.of(TestEntries.key("/data/sparse"), attributes(EntryKind.FILE, 0644, 0))
                .withContent(chunks.content(data, 3000), holes));
        byte[] expected = new byte[(2 << 20) + 8192];
        System.arraycopy(data, 0, expected, 0, 4096);
        System.arraycopy(data, 4096, expected, (1 << 20) + 4096, 4096);
        Path file = target.resolve("data/sparse");

        restore(RestoreOptions.Manner.DEFAULT);
        assertThat(Files.readAllBytes(file)).isEqualTo(expected);
        assertThat(hasDataIn("sparse", 8192, 1 << 19)).isFalse();
        long inode = inode("data/sparse");

        assertThat(restore(RestoreOptions.Manner.DEFAULT).unchanged()).isEqualTo(1);
        assertThat(inode("data/sparse")).isEqualTo(inode);

        // Zeros that take space: the space is given back, the file stays.
        write(file, 8192, new byte[1 << 18]);
        assertThat(restore(RestoreOptions.Manner.DEFAULT).unchanged()).isEqualTo(1);
        assertThat(hasDataIn("sparse", 8192, 1 << 19)).isFalse();
        assertThat(inode("data/sparse")).isEqualTo(inode);

        write(file, 100_000, new byte[] {1});
        assertThat(restore(RestoreOptions.Manner.DEFAULT).files()).isEqualTo(1);
        assertThat(Files.readAllBytes(file)).isEqualTo(expected);
        assertThat(hasDataIn("sparse", 8192, 1 << 19)).isFalse();
    }

    @Test
    void aLargeFileIsChangedWhereItDiffersAndStaysTheSameFile() throws Exception {
        byte[] data = new byte[65 << 20];
        new Random(2).nextBytes(data);
        Holes holes = Holes.of(List.of(new Hole(1 << 20, 1 << 20)));
        put(Entry.of(TestEntries.key("/data/large"), attributes(EntryKind.FILE, 0640, 0))
                .withContent(chunks.content(data, 1 << 20), holes));
        restore(RestoreOptions.Manner.DEFAULT);
        Path file = target.resolve("data/large");
        byte[] expected = Files.readAllBytes(file);
        long inode = inode("data/large");
        write(file, 5 << 20, new byte[10]);
        write(file, (1 << 20) + 4096, new byte[] {1, 2, 3});
        write(file, 66 << 20, new byte[100_000]);

        RestoreSummary summary = restore(RestoreOptions.Manner.DEFAULT);

        assertThat(Arrays.mismatch(Files.readAllBytes(file), expected)).isEqualTo(-1);
        assertThat(inode("data/large")).isEqualTo(inode);
        assertThat(summary.files()).isEqualTo(1);
        assertThat(summary.writtenBytes()).isEqualTo(1 << 20);
        assertThat(hasDataIn("large", 1 << 20, 1 << 20)).isFalse();
        assertThat(TestFiles.status(file).modified().getEpochSecond()).isEqualTo(TIME.seconds());
        assertThat(restore(RestoreOptions.Manner.DEFAULT).unchanged()).isEqualTo(1);
    }

    @Test
    void extendedAttributesComeBackAndOthersGo() throws Exception {
        Xattr comment = new Xattr(ByteString.copyFromUtf8("user.comment"), ByteString.copyFrom(new byte[] {0, 1, -1}));
        put(file("/data/file", "x").withXattrs(List.of(comment)));
        restore(RestoreOptions.Manner.DEFAULT);
        try (OpenFolder folder = OpenFolder.open(target.resolve("data"));
                OpenNode node = folder.node(bytes("file"))) {
            assertThat(node.has(comment)).isTrue();
            node.removeXattr(comment.name());
            node.set(new Xattr(ByteString.copyFromUtf8("user.other"), ByteString.EMPTY));
            restore(RestoreOptions.Manner.DEFAULT);
            assertThat(node.xattrNames()).containsExactly(comment.name());
            assertThat(node.status().modified().getEpochSecond()).isEqualTo(TIME.seconds());
        }
        assertThat(messages).isEmpty();
    }

    @Test
    void oneExtendedAttributeThatCannotBeSetIsReportedAndOthersAreSet() throws Exception {
        Xattr comment = new Xattr(ByteString.copyFromUtf8("user.comment"), ByteString.copyFromUtf8("x"));
        Xattr nonsense = new Xattr(ByteString.copyFromUtf8("nonsense.a"), ByteString.copyFromUtf8("x"));
        put(file("/data/file", "x").withXattrs(List.of(nonsense, comment)));

        RestoreSummary summary = restore(RestoreOptions.Manner.DEFAULT);

        assertThat(summary.files()).isEqualTo(1);
        assertThat(messages).singleElement().asString().contains("/data/file").contains("nonsense.a");
        assertThat(TestFiles.xattrs(target.resolve("data/file"))).containsExactly(comment);
    }

    @Test
    void deletesWhatTheSnapshotDoesNotHaveBelowWhatWasBackedUp() throws Exception {
        put(file("/data/file", "x"));
        restore(RestoreOptions.Manner.DEFAULT);
        Files.createDirectories(target.resolve("data/extra/deep"));
        Files.writeString(target.resolve("data/extra/deep/file"), "x");
        Files.createSymbolicLink(target.resolve("data/extra/link"), temporary);
        Files.writeString(target.resolve("data/kept.log"), "x");
        Files.writeString(target.resolve("beside"), "x");
        RestoreOptions.Manner dry = new RestoreOptions.Manner(Overwrite.ALWAYS, true, true);
        RestoreOptions.Manner real = new RestoreOptions.Manner(Overwrite.ALWAYS, true, false);
        actions.clear();

        assertThat(restore(dry, List.of(), List.of("*.log")).deleted()).isEqualTo(1);
        assertThat(actions).contains("DELETE /data/extra");
        assertThat(target.resolve("data/extra/deep/file")).exists();

        assertThat(restore(real, List.of(), List.of("*.log")).deleted()).isEqualTo(1);
        assertThat(target.resolve("data/extra")).doesNotExist();
        assertThat(target.resolve("data/kept.log")).exists();
        assertThat(target.resolve("data/file")).exists();
        assertThat(target.resolve("beside")).exists();
        assertThat(target).exists();
    }

    @Test
    void deletesNothingInFoldersThatAreOnlyOnTheWayToWhatIsIncluded() throws Exception {
        put(file("/data/file", "x"));
        put(folder("/data/in"));
        restore(RestoreOptions.Manner.DEFAULT);
        Files.writeString(target.resolve("data/extra"), "x");
        Files.writeString(target.resolve("data/in/extra"), "x");

        restore(new RestoreOptions.Manner(Overwrite.ALWAYS, true, false), List.of("/data/in"), List.of());

        assertThat(target.resolve("data/extra")).exists();
        assertThat(target.resolve("data/in/extra")).doesNotExist();
    }

    @Test
    void aDryRunChangesNothingAndTellsWhatWouldHappen() throws Exception {
        put(file("/data/same", "same"));
        put(file("/data/other", "other"));
        restore(RestoreOptions.Manner.DEFAULT);
        put(file("/data/new", "new"));
        Files.writeString(target.resolve("data/other"), "differs");
        FileStatus before = TestFiles.status(target.resolve("data"));
        actions.clear();

        RestoreSummary summary = restore(new RestoreOptions.Manner(Overwrite.ALWAYS, true, true));

        assertThat(actions).containsExactlyInAnyOrder("UNCHANGED /data/same", "UPDATE /data/other", "CREATE /data/new");
        assertThat(summary.files()).isEqualTo(2);
        assertThat(TestFiles.status(target.resolve("data"))).isEqualTo(before);
        assertThat(Files.readString(target.resolve("data/other"))).isEqualTo("differs");
        assertThat(target.resolve("data/new")).doesNotExist();
    }

    @Test
    void leavesWhatItWasToldToLeave() throws Exception {
        put(file("/data/file", "from the snapshot"));
        Files.createDirectories(target.resolve("data"));
        Path file = Files.writeString(target.resolve("data/file"), "mine");

        assertThat(restore(new RestoreOptions.Manner(Overwrite.NEVER, false, false))
                        .kept())
                .isEqualTo(1);
        assertThat(restore(new RestoreOptions.Manner(Overwrite.IF_NEWER, false, false))
                        .kept())
                .isEqualTo(1);
        assertThat(Files.readString(file)).isEqualTo("mine");
        TestFiles.setModified(file, 1, 0);
        restore(new RestoreOptions.Manner(Overwrite.IF_NEWER, false, false));
        assertThat(Files.readString(file)).isEqualTo("from the snapshot");

        Files.writeString(file, "FROM THE SNAPSHOT");
        TestFiles.setModified(file, TIME.seconds(), TIME.nanos());
        restore(new RestoreOptions.Manner(Overwrite.IF_CHANGED, false, false));
        assertThat(Files.readString(file)).isEqualTo("FROM THE SNAPSHOT");
        restore(RestoreOptions.Manner.DEFAULT);
        assertThat(Files.readString(file)).isEqualTo("from the snapshot");
    }

    @Test
    void aSubfolderIsRestoredRightIntoTheTarget() throws Exception {
        put(folder("/data/sub"));
        put(file("/data/sub/a.txt", "a"));
        put(file("/data/sub/b.log", "b"));
        put(file("/data/subside", "no"));
        Scope scope = new Scope(TestEntries.key("/data/sub"), List.of(), List.of(PathPattern.parse("/a.*")), List.of());

        run(new RestoreOptions(target, scope, RestoreOptions.Manner.DEFAULT, 2));

        assertThat(names(target)).containsExactly("a.txt");
        // The restore made the target, so it is the subfolder.
        assertThat(TestFiles.status(target).modified().getEpochSecond()).isEqualTo(TIME.seconds());
    }

    @Test
    void removesWhatAKilledRunLeftAndTouchesNoFinishedFile() throws Exception {
        put(file("/data/file", "x"));
        restore(RestoreOptions.Manner.DEFAULT);
        FileStatus before = TestFiles.status(target.resolve("data/file"));
        Path leftover = Files.writeString(target.resolve("data/.sago-restore.0123456789abcdef.12"), "half");
        Path own = Files.writeString(target.resolve("data/.sago-restore.mine"), "the user's");

        restore(RestoreOptions.Manner.DEFAULT);

        assertThat(leftover).doesNotExist();
        assertThat(own).exists();
        assertThat(TestFiles.status(target.resolve("data/file"))).isEqualTo(before);
    }

    @Test
    void neverChangesAnotherNameOfAFileThatIsInTheTarget() throws Exception {
        put(file("/data/file", "bytes"));
        Files.createDirectories(target.resolve("data"));
        Path outside = Files.writeString(temporary.resolve("outside"), "bytes");
        TestFiles.setModified(outside, 5, 5);
        Files.createLink(target.resolve("data/file"), outside);
        FileStatus before = TestFiles.status(outside);

        restore(RestoreOptions.Manner.DEFAULT);

        assertThat(TestFiles.status(outside).modified()).isEqualTo(before.modified());
        assertThat(Files.readString(outside)).isEqualTo("bytes");
        assertThat(inode("data/file")).isNotEqualTo(before.inode());
    }

    private void put(Entry entry) {
        entries.put(entry.key(), entry);
    }

    private static Entry folder(String path) {
        return Entry.of(
                path.equals("/") ? EntryKey.ROOT : TestEntries.key(path), attributes(EntryKind.DIRECTORY, 0755, 0));
    }

    private static Attributes attributes(EntryKind kind, int mode, long inode) {
        Attributes.Identity identity = new Attributes.Identity(inode, 1, inode == 0 ? 1 : 3);
        return new Attributes(kind, mode, uid(), gid(), TIME, TIME, identity, 0, 0);
    }

    private static int uid() {
        return load().uid();
    }

    private static int gid() {
        return load().gid();
    }

    private static Posix load() {
        try {
            return Posix.load();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Entry file(String path, String content) throws Exception {
        return Entry.of(TestEntries.key(path), attributes(EntryKind.FILE, 0644, 0))
                .withContent(chunks.content(bytes(content), 4));
    }

    private Entry linked(String path, long inode, String content) throws Exception {
        return Entry.of(TestEntries.key(path), attributes(EntryKind.FILE, 0644, inode + 1))
                .withContent(chunks.content(bytes(content), 4));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private RestoreSummary restore(RestoreOptions.Manner manner) throws Exception {
        return restore(manner, List.of(), List.of());
    }

    private RestoreSummary restore(RestoreOptions.Manner manner, List<String> includes, List<String> excludes)
            throws Exception {
        List<PathPattern> included = new ArrayList<>();
        for (String include : includes) {
            included.add(PathPattern.parse(include));
        }
        List<PathPattern> excluded = new ArrayList<>();
        for (String exclude : excludes) {
            excluded.add(PathPattern.parse(exclude));
        }
        Scope scope = new Scope(EntryKey.ROOT, List.of(TestEntries.key("/data")), included, excluded);
        return run(new RestoreOptions(target, scope, manner, 2));
    }

    private RestoreSummary run(RestoreOptions options) throws Exception {
        TreeBuilder builder = new TreeBuilder(chunks);
        for (Entry entry : entries.values()) {
            builder.add(entry);
        }
        TreeRoot root = builder.finish();
        RestoreListener listener = new RestoreListener() {
            @Override
            public void warning(EntryKey key, String reason) {
                messages.add(key + ": " + reason);
            }

            @Override
            public void failed(EntryKey key, String reason) {
                messages.add(key + ": " + reason);
            }

            @Override
            public void action(RestoreAction action, EntryKey key) {
                actions.add(action + " " + key);
            }
        };
        return new RestoreRun(chunks, root, options, listener, new SecureRandom()).run();
    }

    private long inode(String path) throws IOException {
        return TestFiles.status(target.resolve(path)).inode();
    }

    private boolean hasDataIn(String name, long offset, long length) throws IOException {
        try (OpenFolder folder = OpenFolder.open(target.resolve("data"));
                OpenNode node = folder.openToRead(bytes(name))) {
            return node.hasDataIn(offset, length);
        }
    }

    private static void write(Path file, long offset, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            channel.write(ByteBuffer.wrap(bytes), offset);
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (var paths = Files.list(folder)) {
            return paths.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
