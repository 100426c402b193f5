package sago.sender.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.proto.ChunkList;
import sago.sender.proto.ExtendedAttribute;
import sago.sender.proto.TreeChild;
import sago.sender.proto.TreeEntry;
import sago.sender.proto.TreeNode;

/** Nodes that no builder of ours writes: each is refused with its fault. */
class HostileTreeTest {
    private static final ByteString PACK = ByteString.copyFrom(new byte[16]);

    private final MemoryChunks chunks = new MemoryChunks();

    @ParameterizedTest
    @ValueSource(
            strings = {"..", ".", "a\0..", "a\0\0b", "\0a", "a\0", "a/b", "../x", "a\0../b", "/etc/passwd", "..\0..\0x"
            })
    void refusesKeysThatAreNoCleanPath(String key) {
        assertRefused(leaf(entry(key)), Fault.INTEGRITY);
    }

    @Test
    void refusesNamesAndPathsThatAreTooLong() {
        assertThat(readable(leaf(entry("x".repeat(255))))).isTrue();
        assertRefused(leaf(entry("x".repeat(256))), Fault.INTEGRITY);
        assertRefused(leaf(entry("x\0".repeat(Limits.PATH_BYTES_MAX / 2) + "x")), Fault.INTEGRITY);
    }

    @Test
    void refusesDuplicateAndDescendingKeys() {
        assertRefused(leaf(entry("a"), entry("a")), Fault.INTEGRITY);
        assertRefused(leaf(entry("b"), entry("a")), Fault.INTEGRITY);
    }

    @Test
    void refusesSharedPrefixLongerThanTheKeyBefore() {
        assertRefused(leaf(entry("a"), entry("b").toBuilder().setShared(2).build()), Fault.INTEGRITY);
        assertRefused(leaf(entry("a").toBuilder().setShared(1).build()), Fault.INTEGRITY);
        assertRefused(leaf(entry("a"), entry("b").toBuilder().setShared(-1).build()), Fault.INTEGRITY);
    }

    @Test
    void refusesAttributesOutOfBounds() {
        assertRefused(leaf(with(e -> e.setKind(0))), Fault.INTEGRITY);
        assertRefused(leaf(with(e -> e.setKind(8))), Fault.INTEGRITY);
        assertRefused(leaf(with(e -> e.setMode(010000))), Fault.INTEGRITY);
        assertRefused(leaf(with(e -> e.setMtimeNs(1_000_000_000))), Fault.INTEGRITY);
        assertRefused(leaf(with(e -> e.setCtimeNs(-1))), Fault.INTEGRITY);
        assertRefused(leaf(with(e -> e.setSize(-1))), Fault.INTEGRITY);
        assertRefused(leaf(with(e -> e.setSize(1))), Fault.INTEGRITY);
    }

    @Test
    void refusesLinkTargetsThatMakeNoSense() {
        assertRefused(leaf(with(e -> e.setKind(3))), Fault.INTEGRITY);
        assertRefused(leaf(with(e -> e.setKind(2).setLinkTarget(ByteString.copyFromUtf8("x")))), Fault.INTEGRITY);
        assertRefused(leaf(with(e -> e.setKind(3).setLinkTarget(ByteString.copyFromUtf8("x\0y")))), Fault.INTEGRITY);
    }

    @Test
    void refusesReferencesThatPointNowhere() {
        UnaryOperator<TreeEntry.Builder> ref = e -> e.setKind(1)
                .setSize(5)
                .addRefPack(0)
                .addRefOffset(0)
                .addRefStored(5)
                .addRefRaw(5)
                .addRefCheck(1);
        assertThat(readable(leaf(with(ref)))).isTrue();
        assertRefused(leaf(with(e -> ref.apply(e).setRefPack(0, 1))), Fault.INTEGRITY);
        assertRefused(leaf(with(e -> ref.apply(e).setRefPack(0, -1))), Fault.INTEGRITY);
        assertRefused(leaf(with(e -> ref.apply(e).setRefOffset(0, -1))), Fault.INTEGRITY);
        assertRefused(leaf(with(e -> ref.apply(e).setRefStored(0, 6))), Fault.INTEGRITY);
        assertRefused(leaf(with(e -> ref.apply(e).addRefCheck(1))), Fault.INTEGRITY);
        assertRefused(leaf(with(e -> ref.apply(e).clearRefRaw())), Fault.INTEGRITY);
        assertRefused(leaf(with(e -> ref.apply(e).setKind(2))), Fault.INTEGRITY);
        assertRefused(leaf(with(e -> ref.apply(e).setListLevel(9))), Fault.INTEGRITY);
        assertRefused(
                leaf(with(e ->
                        ref.apply(e).setRefRaw(0, Limits.CHUNK_BYTES_MAX + 1).setSize(Limits.CHUNK_BYTES_MAX + 1))),
                Fault.INTEGRITY);
    }

    @Test
    void refusesHolesThatNoFileCanHave() {
        UnaryOperator<TreeEntry.Builder> sparse = e -> e.setKind(1).setSize(100);
        assertThat(readable(leaf(with(e -> sparse.apply(e).addHoles(0).addHoles(100)))))
                .isTrue();
        assertHolesRefused(sparse, 0);
        assertHolesRefused(sparse, 0, 0);
        assertHolesRefused(sparse, 0, 99);
        assertHolesRefused(sparse, 0, 101);
        assertHolesRefused(sparse, 1, 100);
        assertHolesRefused(sparse, 0, -100);
        assertHolesRefused(sparse, -1, 101);
        assertHolesRefused(sparse, 0, Long.MAX_VALUE, Long.MAX_VALUE, 102);
        assertHolesRefused(sparse, 0, 50, 0, 50);
        assertHolesRefused(e -> e.setKind(2), 0, 0);
        assertHolesRefused(e -> e.setKind(7), 0, 1);
        List<Long> many = new ArrayList<>();
        for (int i = 0; i <= Limits.HOLES_MAX; i++) {
            many.addAll(List.of(i == 0 ? 0L : 1L, 1L));
        }
        assertRefused(leaf(with(e -> e.setKind(1).setSize(1 << 20).addAllHoles(many))), Fault.INTEGRITY);
    }

    private void assertHolesRefused(UnaryOperator<TreeEntry.Builder> file, long... holes) {
        assertRefused(
                leaf(with(e ->
                        file.apply(e).addAllHoles(Arrays.stream(holes).boxed().toList()))),
                Fault.INTEGRITY);
    }

    @Test
    void refusesExtendedAttributesThatNoFileCanHave() {
        assertThat(readable(leaf(with(e -> e.addAttributes(xattr("a", 65_536)).addAttributes(xattr("b", 0))))))
                .isTrue();
        assertThat(readable(leaf(with(e -> e.addAttributes(xattr("x".repeat(255), 1))))))
                .isTrue();
        assertXattrsRefused(xattr("", 1));
        assertXattrsRefused(xattr("x".repeat(256), 1));
        assertXattrsRefused(xattr("user.\0x", 1));
        assertXattrsRefused(xattr("a", 65_537));
        assertXattrsRefused(xattr("a", 1), xattr("a", 2));
        assertXattrsRefused(xattr("b", 1), xattr("a", 1));
        ExtendedAttribute[] tooMuch = new ExtendedAttribute[9];
        for (int i = 0; i < tooMuch.length; i++) {
            tooMuch[i] = xattr("a" + i, 60_000);
        }
        assertXattrsRefused(tooMuch);
        UnknownFieldSet critical = UnknownFieldSet.newBuilder()
                .addField(3, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                .build();
        ExtendedAttribute unknown =
                xattr("a", 1).toBuilder().setUnknownFields(critical).build();
        assertRefused(leaf(with(e -> e.addAttributes(unknown))), Fault.VERSION);
    }

    private void assertXattrsRefused(ExtendedAttribute... xattrs) {
        assertRefused(leaf(with(e -> e.addAllAttributes(List.of(xattrs)))), Fault.INTEGRITY);
    }

    private static ExtendedAttribute xattr(String name, int valueBytes) {
        return ExtendedAttribute.newBuilder()
                .setName(ByteString.copyFromUtf8(name))
                .setValue(ByteString.copyFrom(new byte[valueBytes]))
                .build();
    }

    @Test
    void refusesWhatThisVersionCannotRestore() {
        UnknownFieldSet critical = UnknownFieldSet.newBuilder()
                .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                .build();
        UnknownFieldSet harmless = UnknownFieldSet.newBuilder()
                .addField(1000, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                .build();
        assertRefused(leaf(with(e -> e.setUnknownFields(critical))), Fault.VERSION);
        assertRefused(leaf(entry("a")).toBuilder().setUnknownFields(critical).build(), Fault.VERSION);
        assertThat(readable(leaf(with(e -> e.setUnknownFields(harmless))))).isTrue();
        assertRefused(leaf(entry("a")).toBuilder().setFormat(2).build(), Fault.VERSION);
    }

    @Test
    void refusesNodesOfTheWrongLevelOrMixedContent() {
        assertRefused(leaf(entry("a")).toBuilder().setLevel(1).build(), Fault.INTEGRITY);
        assertRefused(
                leaf(entry("a")).toBuilder()
                        .addChildren(TreeChild.getDefaultInstance())
                        .build(),
                Fault.INTEGRITY);
        assertThatThrownBy(() -> read(store(new byte[] {(byte) 0xff}), 0)).satisfies(HostileTreeTest::isIntegrity);
        assertThatThrownBy(() -> read(store(new byte[Limits.TREE_NODE_BYTES_MAX + 1]), 0))
                .satisfies(HostileTreeTest::isIntegrity);
    }

    @Test
    void refusesChildrenThatAreNotWhatTheirParentSays() throws Exception {
        ChunkRef child = store(leaf(entry("a"), entry("b")).toByteArray());

        assertThat(TreeTest.collect(branch(child, "a", 2))).hasSize(2);
        assertThatThrownBy(() -> branch(child, "b", 2)).satisfies(HostileTreeTest::isIntegrity);
        assertThatThrownBy(() -> branch(child, "a", 3)).satisfies(HostileTreeTest::isIntegrity);
        assertThatThrownBy(() -> branch(child, "a", 0)).satisfies(HostileTreeTest::isIntegrity);
        TreeNode empty = TreeNode.newBuilder().setFormat(1).setLevel(1).build();
        assertThatThrownBy(() -> read(store(empty.toByteArray()), 1)).satisfies(HostileTreeTest::isIntegrity);
    }

    @Test
    void refusesLeavesThatOverlap() throws Exception {
        TreeChild left = child(store(leaf(entry("a"), entry("z")).toByteArray()), "a", 2);
        TreeChild right = child(store(leaf(entry("m")).toByteArray()), "m", 1);
        TreeNode node = TreeNode.newBuilder()
                .setFormat(1)
                .setLevel(1)
                .addPacks(packBytes())
                .addChildren(left)
                .addChildren(right)
                .build();
        EntryCursor cursor = read(store(node.toByteArray()), 1);

        assertThatThrownBy(() -> TreeTest.collect(cursor)).satisfies(HostileTreeTest::isIntegrity);
    }

    @Test
    void refusesListsThatHoldOtherThanTheirFile() throws Exception {
        ChunkRef data = chunks.data(new byte[10]);
        ChunkRef list = list(ChunkList.newBuilder(), data);

        assertThat(new ContentCursor(chunks, new FileContent(1, 10, List.of(list))).next())
                .isEqualTo(data);
        assertListRefused(new FileContent(1, 11, List.of(list)));
        assertListRefused(new FileContent(1, 9, List.of(list)));
        assertListRefused(new FileContent(2, 10, List.of(list)));
        assertListRefused(
                new FileContent(1, 10, List.of(list(ChunkList.newBuilder().addRefSpan(10), data))));
        assertListRefused(
                new FileContent(1, 10, List.of(list(ChunkList.newBuilder().addRefCheck(1), data))));
        assertListRefused(new FileContent(1, 10, List.of(data)));
    }

    private void assertListRefused(FileContent content) {
        ContentCursor cursor = new ContentCursor(chunks, content);
        assertThatThrownBy(() -> {
                    while (cursor.next() != null) {
                        assertThat(cursor.position()).isPositive();
                    }
                })
                .satisfies(HostileTreeTest::isIntegrity);
    }

    private ChunkRef list(ChunkList.Builder list, ChunkRef ref) {
        byte[] bytes = list.setFormat(1)
                .addPacks(ByteString.copyFrom(ref.pack().toBytes()))
                .addRefPack(0)
                .addRefOffset(ref.offset())
                .addRefStored(ref.stored())
                .addRefRaw(ref.raw())
                .addRefCheck(ref.check())
                .build()
                .toByteArray();
        return chunks.write(ChunkKind.LIST, bytes, 0, bytes.length);
    }

    private EntryCursor branch(ChunkRef child, String firstKey, long entries) throws Exception {
        TreeNode node = TreeNode.newBuilder()
                .setFormat(1)
                .setLevel(1)
                .addPacks(packBytes())
                .addChildren(child(child, firstKey, entries))
                .build();
        return read(store(node.toByteArray()), 1);
    }

    /** All chunks of these tests lie in the first pack. */
    private ByteString packBytes() {
        return ByteString.copyFrom(chunks.data(new byte[0]).pack().toBytes());
    }

    private static TreeChild child(ChunkRef ref, String firstKey, long entries) {
        return TreeChild.newBuilder()
                .setFirstKey(ByteString.copyFromUtf8(firstKey))
                .setOffset(ref.offset())
                .setStored(ref.stored())
                .setRaw(ref.raw())
                .setCheck(ref.check())
                .setEntries(entries)
                .build();
    }

    private static TreeEntry entry(String key) {
        return TreeEntry.newBuilder()
                .setSuffix(ByteString.copyFrom(key.getBytes(StandardCharsets.UTF_8)))
                .setKind(2)
                .build();
    }

    private static TreeEntry with(UnaryOperator<TreeEntry.Builder> change) {
        return change.apply(entry("a").toBuilder()).build();
    }

    private static TreeNode leaf(TreeEntry... entries) {
        return TreeNode.newBuilder()
                .setFormat(1)
                .addPacks(PACK)
                .addAllEntries(List.of(entries))
                .build();
    }

    private void assertRefused(TreeNode node, Fault fault) {
        assertThatThrownBy(() -> read(store(node.toByteArray()), 0))
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(fault));
    }

    private static void isIntegrity(Throwable e) {
        assertThat(e)
                .isInstanceOfSatisfying(
                        FaultException.class, fault -> assertThat(fault.fault()).isEqualTo(Fault.INTEGRITY));
    }

    private boolean readable(TreeNode node) {
        try {
            return !TreeTest.collect(read(store(node.toByteArray()), 0)).isEmpty();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private EntryCursor read(ChunkRef root, int level) throws Exception {
        return new TreeReader(chunks, new TreeRoot(root, level)).all();
    }

    private ChunkRef store(byte[] bytes) {
        return chunks.write(ChunkKind.TREE, bytes, 0, bytes.length);
    }
}
