package sago.sender.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sago.common.limits.Limits;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;

class TreeTest {
    private final MemoryChunks chunks = new MemoryChunks();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 100, 20_000})
    void givesBackEveryEntryInOrder(int count) throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        List<Entry> entries = count == 0 ? List.of() : TestEntries.random(new Random(seed), count, chunks);

        TreeRoot root = build(entries);

        assertThat(collect(new TreeReader(chunks, root).all())).isEqualTo(entries);
    }

    @Test
    void countsWhatItHolds() throws Exception {
        TreeBuilder builder = new TreeBuilder(chunks);
        builder.add(TestEntries.folder("/"));
        builder.add(TestEntries.file("/a", chunks.content(new byte[10], 4)));
        builder.add(TestEntries.link("/b", "a"));
        builder.finish();

        assertThat(builder.totals()).isEqualTo(new TreeTotals(1, 1, 1, 10));
        assertThat(builder.totals().entries()).isEqualTo(3);
    }

    @Test
    void seeksToAnyKeyAndWalksAnyFolder() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<Entry> entries = TestEntries.random(random, 5_000, chunks);
        TreeReader reader = new TreeReader(chunks, build(entries));

        for (int i = 0; i < 20; i++) {
            int at = random.nextInt(entries.size());
            EntryKey key = entries.get(at).key();
            assertThat(reader.find(key)).isEqualTo(entries.get(at));
            assertThat(reader.from(key).next()).isEqualTo(entries.get(at));
            assertThat(collect(reader.within(key)))
                    .isEqualTo(
                            entries.stream().filter(e -> e.key().isWithin(key)).toList());
            EntryKey absent = key.child(new byte[] {'~', '~', '~', '~'});
            assertThat(reader.find(absent)).isNull();
        }
        EntryKey between = TestEntries.key("/m\u00ff");
        assertThat(collect(reader.from(between)))
                .isEqualTo(entries.stream()
                        .filter(e -> e.key().compareTo(between) >= 0)
                        .toList());
    }

    @Test
    void equalEntriesGiveEqualNodes() throws Exception {
        List<Entry> entries = many(30_000);
        TreeRoot first = build(entries);
        int nodes = chunks.writtenNew(ChunkKind.TREE);

        assertThat(build(entries)).isEqualTo(first);
        assertThat(chunks.writtenNew(ChunkKind.TREE)).isEqualTo(nodes);
        assertThat(nodes).isGreaterThan(10);
    }

    @Test
    void oneChangedEntryRewritesOnePathOfNodes() throws Exception {
        List<Entry> entries = new ArrayList<>(many(30_000));
        TreeRoot first = build(entries);
        int before = chunks.writtenNew(ChunkKind.TREE);
        Entry old = entries.get(15_000);
        entries.set(15_000, Entry.of(old.key(), TestEntries.attributes(EntryKind.DIRECTORY, 0711, 0)));

        TreeRoot second = build(entries);

        assertThat(second).isNotEqualTo(first);
        assertThat(chunks.writtenNew(ChunkKind.TREE) - before).isLessThanOrEqualTo(second.level() + 1);
    }

    @Test
    void oneInsertedEntryRewritesFewNodesWhereverItIs() throws Exception {
        List<Entry> entries = many(30_000);
        build(entries);
        Random random = new Random(5);
        for (int i = 0; i < 10; i++) {
            int before = chunks.writtenNew(ChunkKind.TREE);
            List<Entry> more = new ArrayList<>(entries);
            int at = 1 + random.nextInt(entries.size() - 1);
            more.add(at, TestEntries.folder(pathOf(entries.get(at - 1)) + "+"));

            TreeRoot root = build(more);

            // A split may move until the next place where both trees split: rarely far.
            assertThat(chunks.writtenNew(ChunkKind.TREE) - before).isLessThanOrEqualTo(root.level() + 6);
        }
    }

    @Test
    void oneFolderOfManyEntriesIsNodesOfBoundedSize() throws Exception {
        TreeRoot root = build(many(200_000));

        int[] sizes = chunks.sizes(ChunkKind.TREE);
        assertThat(sizes.length).isGreaterThan(20);
        assertThat(Arrays.stream(sizes).max().orElseThrow()).isLessThanOrEqualTo(Limits.TREE_NODE_BYTES_MAX);
        assertThat(Arrays.stream(sizes)
                        .filter(size -> size < NodeEncoder.BYTES_MIN)
                        .count())
                .isLessThanOrEqualTo(root.level() + 1);
        assertThat(root.level()).isGreaterThanOrEqualTo(1);
    }

    @Test
    void refusesEntriesOutOfOrderTwiceOrWithoutContent() throws Exception {
        TreeBuilder builder = new TreeBuilder(chunks);
        builder.add(TestEntries.folder("/b"));

        assertThatThrownBy(() -> builder.add(TestEntries.folder("/a"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.add(TestEntries.folder("/b"))).isInstanceOf(IllegalArgumentException.class);
        Entry unread = Entry.of(TestEntries.key("/c"), TestEntries.attributes(EntryKind.FILE, 0644, 5));
        assertThatThrownBy(() -> builder.add(unread)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1023, 1024, 1025, 8191, 8192, 8193, 16_384, 20_000})
    void keepsEveryChunkOfAFileInOrder(int count) throws Exception {
        ContentBuilder builder = new ContentBuilder(chunks);
        List<ChunkRef> refs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            refs.add(chunks.data(new byte[] {(byte) i, (byte) (i >> 8), (byte) (i >> 16)}));
            builder.add(refs.get(i));
        }
        FileContent content = builder.finish();

        assertThat(content.listLevel()).isEqualTo(count > Limits.ENTRY_REFS_MAX ? 1 : 0);
        assertThat(content.bytes()).isEqualTo(3L * count);
        assertThat(read(content)).isEqualTo(refs);
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 32, 33, 100, 256, 257, 511})
    void listsOfListsKeepEveryChunkInOrder(int count) throws Exception {
        ContentBuilder builder = new ContentBuilder(chunks, 4, 8);
        List<ChunkRef> refs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            refs.add(chunks.data(new byte[] {(byte) i, (byte) (i >> 8)}));
            builder.add(refs.get(i));
        }
        FileContent content = builder.finish();

        assertThat(content.listLevel()).isEqualTo(count <= 32 ? 1 : count <= 256 ? 2 : 3);
        assertThat(read(content)).isEqualTo(refs);
    }

    @Test
    void nodeBytesStayTheSameForEver() throws Exception {
        TreeBuilder builder = new TreeBuilder(chunks);
        builder.add(TestEntries.folder("/"));
        builder.add(TestEntries.folder("/etc"));
        builder.add(TestEntries.file("/etc/hosts", chunks.content(new byte[] {1, 2, 3}, 2)));
        builder.add(TestEntries.link("/etc/mtab", "../proc/self/mounts"));
        TreeRoot root = builder.finish();

        assertThat(HexFormat.of().formatHex(chunks.read(root.ref(), ChunkKind.TREE)))
                .isEqualTo("08011a1000000000000000070000000000000000"
                        + "2223180220ed033880c49fd50c40959aef3a4882c49fd50c50b1d1f9d603582a6081106801"
                        + "22281203657463180220ed033880c49fd50c40959aef3a4882c49fd50c50b1d1f9d603582a6081106801"
                        + "22570803120600686f737473180120a4033880c49fd50c40959aef3a4882c49fd50c50b1d1f9d603582a60811068017003"
                        + "8a0102000092010300e8079a01020201a201020201aa0110529ff80300000000a5a02d4100000000"
                        + "2240080412046d746162180320ff033880c49fd50c40959aef3a4882c49fd50c50b1d1f9d603582a6081106801"
                        + "7a132e2e2f70726f632f73656c662f6d6f756e7473");
    }

    @Test
    void xattrsAndHolesHaveTheBytesOfTheFormat() throws Exception {
        FileContent content = chunks.content(new byte[] {1, 2, 3, 4, 5}, 10);
        Entry sparse = Entry.of(TestEntries.key("/image"), TestEntries.attributes(EntryKind.FILE, 0600, 0))
                .withContent(content, Holes.of(List.of(new Hole(0, 4096), new Hole(4099, 1 << 20))))
                .withXattrs(List.of(
                        new Xattr(
                                ByteString.copyFromUtf8("security.capability"), ByteString.copyFrom(new byte[] {1, 0})),
                        new Xattr(ByteString.copyFromUtf8("user.empty"), ByteString.EMPTY)));

        TreeRoot root = build(List.of(sparse));

        assertThat(sparse.size()).isEqualTo(4096 + 3 + (1 << 20) + 2);
        assertThat(HexFormat.of().formatHex(chunks.read(root.ref(), ChunkKind.TREE)))
                .isEqualTo(
                        "08011a1000000000000000070000000000000000"
                                + "227e1205696d61676518012080033880c49fd50c40959aef3a4882c49fd50c50b1d1f9d603582a60811068017085a0408a010100920101009a010105a2010105aa0108ab8f515300000000"
                                + "b201190a1373656375726974792e6361706162696c69747912020100b2010c0a0a757365722e656d707479c2010700802003808040");
    }

    private List<ChunkRef> read(FileContent content) throws Exception {
        List<ChunkRef> refs = new ArrayList<>();
        ContentCursor cursor = new ContentCursor(chunks, content);
        for (ChunkRef ref = cursor.next(); ref != null; ref = cursor.next()) {
            refs.add(ref);
        }
        return refs;
    }

    private TreeRoot build(List<Entry> entries) throws Exception {
        TreeBuilder builder = new TreeBuilder(chunks);
        for (Entry entry : entries) {
            builder.add(entry);
        }
        return builder.finish();
    }

    private static List<Entry> many(int count) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(TestEntries.folder(String.format("/folder-%09d", i)));
        }
        return entries;
    }

    private static String pathOf(Entry entry) {
        return entry.key().toString();
    }

    static List<Entry> collect(EntryCursor cursor) throws Exception {
        List<Entry> entries = new ArrayList<>();
        for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
            entries.add(entry);
        }
        return entries;
    }
}
