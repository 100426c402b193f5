package sago.sender.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import sago.common.limits.Limits;
import sago.sender.restore.SnapshotDiff.Difference;
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
import sago.sender.tree.TreeReader;
import sago.sender.tree.Xattr;

class SnapshotDiffTest {
    private static final EntryKey FILE = TestEntries.key("/file");

    private final MemoryChunks chunks = new MemoryChunks();
    private final MemoryChunks otherChunks = new MemoryChunks();

    @Test
    void findsNoneBetweenTreesThatAreTheSame() throws Exception {
        List<Entry> entries = TestEntries.random(new Random(1), 300, chunks);

        assertThat(diff(entries, entries)).isEmpty();
    }

    @Test
    void namesWhatWasAddedAndRemovedInKeyOrder() throws Exception {
        List<Entry> before = List.of(root(), folder("/a"), folder("/a/x"), folder("/c"), folder("/e"));
        List<Entry> after = List.of(root(), folder("/a"), folder("/b"), folder("/b/y"), folder("/c"), folder("/f"));

        assertThat(diff(before, after))
                .containsExactly("REMOVED /a/x", "ADDED /b", "ADDED /b/y", "REMOVED /e", "ADDED /f");
        assertThat(diff(after, before))
                .containsExactly("ADDED /a/x", "REMOVED /b", "REMOVED /b/y", "ADDED /e", "REMOVED /f");
        assertThat(diff(List.of(), List.of(root()))).containsExactly("ADDED /");
    }

    @Test
    void anotherKindIsThatAndNothingElse() throws Exception {
        Entry link =
                Entry.symlink(FILE, TestEntries.attributes(EntryKind.SYMLINK, 0777, 0), ByteString.copyFromUtf8("x"));

        assertThat(diff(List.of(root(), file("x")), List.of(root(), link))).containsExactly("KIND /file");
        assertThat(diff(List.of(root(), link), List.of(root(), folder("/file"))))
                .containsExactly("KIND /file");
    }

    @Test
    void otherBytesTargetsAndDeviceNumbersAreModifications() throws Exception {
        assertThat(diff(file("bytes"), file("bytez"))).containsExactly("MODIFIED /file");
        assertThat(diff(file("bytes"), file("bytes and more"))).containsExactly("MODIFIED /file");
        assertThat(diff(file("bytes"), file(""))).containsExactly("MODIFIED /file");
        assertThat(diff(TestEntries.link("/file", "one"), TestEntries.link("/file", "two")))
                .containsExactly("MODIFIED /file");
        assertThat(diff(device(0x103), device(0x105))).containsExactly("MODIFIED /file");
        assertThat(diff(device(0x103), device(0x103))).isEmpty();
    }

    @Test
    void holesCountAsBytes() throws Exception {
        Entry plain = file("bytes");
        Entry early = plain.withContent(plain.content(), Holes.of(List.of(new Hole(0, 4096))));
        Entry late = plain.withContent(plain.content(), Holes.of(List.of(new Hole(5, 4096))));

        assertThat(diff(early, late)).containsExactly("MODIFIED /file");
        assertThat(diff(plain, late)).containsExactly("MODIFIED /file");
        assertThat(diff(late, late)).isEmpty();
    }

    @Test
    void modeOwnerTimeAndExtendedAttributesAreMetadata() throws Exception {
        Entry file = file("bytes");
        List<UnaryOperator<Attributes>> changes = List.of(
                a -> with(a, 0600, a.uid(), a.gid(), a.modified()),
                a -> with(a, a.mode(), 7, a.gid(), a.modified()),
                a -> with(a, a.mode(), a.uid(), 7, a.modified()),
                a -> with(a, a.mode(), a.uid(), a.gid(), new Moment(1_700_000_000L, 123_456_788)));
        for (UnaryOperator<Attributes> change : changes) {
            Entry other = Entry.of(FILE, change.apply(file.attributes())).withContent(file.content());
            assertThat(diff(file, other)).containsExactly("METADATA /file");
        }
        Xattr xattr = new Xattr(ByteString.copyFromUtf8("user.a"), ByteString.EMPTY);
        assertThat(diff(file, file.withXattrs(List.of(xattr)))).containsExactly("METADATA /file");
        Entry both = Entry.of(FILE, with(file.attributes(), 0600, 0, 0, new Moment(0, 0)))
                .withContent(chunks.content(new byte[3], 3));
        assertThat(diff(file, both)).containsExactly("MODIFIED /file");
    }

    @Test
    void inodesAndTimesOfChangeOfTheInodeAreNoDifference() throws Exception {
        Entry file = file("bytes");
        Attributes a = file.attributes();
        Attributes moved = new Attributes(
                a.kind(),
                a.mode(),
                a.uid(),
                a.gid(),
                a.modified(),
                new Moment(1, 1),
                new Attributes.Identity(1, 2, 3),
                a.size(),
                a.rdev());

        assertThat(diff(file, Entry.of(FILE, moved).withContent(file.content())))
                .isEmpty();
    }

    @Test
    void theSameChunksInOtherPacksAreTheSameBytes() throws Exception {
        byte[] data = new byte[(Limits.ENTRY_REFS_MAX + 10) * 20];
        new Random(2).nextBytes(data);
        for (int i = 0; i < 150; i++) {
            otherChunks.data(new byte[] {1, (byte) i});
        }
        Entry one = TestEntries.file("/file", chunks.content(data, 20));
        Entry other = TestEntries.file("/file", otherChunks.content(data, 20));
        assertThat(one.content().listLevel()).isPositive();
        assertThat(one.content()).isNotEqualTo(other.content());

        assertThat(diff(one, other)).isEmpty();
        for (int at : new int[] {0, data.length / 2, data.length - 1}) {
            byte[] changed = data.clone();
            changed[at] ^= 1;
            assertThat(diff(one, TestEntries.file("/file", otherChunks.content(changed, 20))))
                    .as("byte %d", at)
                    .containsExactly("MODIFIED /file");
        }
    }

    @Test
    void comparesOnlyBelowAFolder() throws Exception {
        List<Entry> before = List.of(root(), folder("/a"), folder("/a/x"), folder("/a.b"), folder("/b"));
        List<Entry> after = List.of(root(), folder("/a"), folder("/a/y"), folder("/c"));

        assertThat(diff(TestEntries.key("/a"), before, after)).containsExactly("REMOVED /a/x", "ADDED /a/y");
        assertThat(diff(TestEntries.key("/b"), before, after)).containsExactly("REMOVED /b");
        assertThat(diff(TestEntries.key("/absent"), before, after)).isEmpty();
    }

    @Test
    void findsWhatMapsOfBothTreesFind() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<Entry> before = TestEntries.random(random, 400, chunks);
        TreeMap<EntryKey, Entry> after = new TreeMap<>();
        Map<EntryKey, String> expected = new TreeMap<>();
        for (Entry entry : before) {
            EntryKey key = entry.key();
            int change = key.equals(EntryKey.ROOT) ? 9 : random.nextInt(10);
            if (entry.kind() != EntryKind.DIRECTORY && change == 0) {
                expected.put(key, "REMOVED " + key);
            } else if (entry.kind() == EntryKind.FILE && change == 1) {
                after.put(key, entry.withContent(chunks.content(new byte[] {1, 2, 3, (byte) random.nextInt()}, 7)));
                expected.put(key, "MODIFIED " + key);
            } else if (entry.kind() == EntryKind.DIRECTORY && change == 2) {
                EntryKey added = key.child(new byte[] {'a', 'd', 'd', 'e', 'd', 0x7f});
                after.put(key, entry);
                after.put(added, Entry.of(added, TestEntries.attributes(EntryKind.FIFO, 0600, 0)));
                expected.put(added, "ADDED " + added);
            } else {
                after.put(key, entry);
            }
        }

        assertThat(diff(before, List.copyOf(after.values()))).containsExactlyElementsOf(expected.values());
    }

    private List<String> diff(Entry was, Entry is) throws Exception {
        return diff(List.of(root(), was), List.of(root(), is));
    }

    private List<String> diff(List<Entry> before, List<Entry> after) throws Exception {
        return diff(EntryKey.ROOT, before, after);
    }

    private List<String> diff(EntryKey from, List<Entry> before, List<Entry> after) throws Exception {
        List<String> found = new ArrayList<>();
        Map<EntryKey, Entry> was = byKey(before);
        Map<EntryKey, Entry> is = byKey(after);
        new SnapshotDiff(tree(chunks, before), tree(otherChunks, after)).compare(from, (difference, left, right) -> {
            EntryKey key = left == null ? right == null ? EntryKey.ROOT : right.key() : left.key();
            assertThat(left).isEqualTo(was.get(key));
            assertThat(right).isEqualTo(is.get(key));
            assertThat(difference == Difference.ADDED).isEqualTo(left == null);
            assertThat(difference == Difference.REMOVED).isEqualTo(right == null);
            found.add(difference + " " + key);
        });
        return found;
    }

    private static Map<EntryKey, Entry> byKey(List<Entry> entries) {
        Map<EntryKey, Entry> byKey = new HashMap<>();
        entries.forEach(entry -> byKey.put(entry.key(), entry));
        return byKey;
    }

    private static TreeReader tree(MemoryChunks in, List<Entry> entries) throws Exception {
        TreeBuilder builder = new TreeBuilder(in);
        for (Entry entry : entries) {
            builder.add(entry);
        }
        return new TreeReader(in, builder.finish());
    }

    private static Entry root() {
        return TestEntries.folder("/");
    }

    private static Entry folder(String path) {
        return TestEntries.folder(path);
    }

    private Entry file(String content) throws Exception {
        return TestEntries.file("/file", chunks.content(content.getBytes(StandardCharsets.UTF_8), 4));
    }

    private static Entry device(long number) {
        Attributes a = TestEntries.attributes(EntryKind.CHARACTER_DEVICE, 0600, 0);
        return Entry.of(FILE, new Attributes(a.kind(), 0600, 0, 0, a.modified(), a.changed(), a.identity(), 0, number));
    }

    private static Attributes with(Attributes a, int mode, int uid, int gid, Moment modified) {
        return new Attributes(a.kind(), mode, uid, gid, modified, a.changed(), a.identity(), a.size(), a.rdev());
    }
}
