package sago.sender.restore;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.proto.TreeEntry;
import sago.sender.proto.TreeNode;
import sago.sender.tree.Attributes;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKey;
import sago.sender.tree.EntryKind;
import sago.sender.tree.FileContent;
import sago.sender.tree.Hole;
import sago.sender.tree.Holes;
import sago.sender.tree.MemoryChunks;
import sago.sender.tree.Moment;
import sago.sender.tree.TreeBuilder;
import sago.sender.tree.TreeRoot;
import sago.sender.tree.Xattr;

/**
 * Trees that want to write elsewhere, from a seed: a third are well-formed nodes of ill-meant entries, the others are nodes whose keys,
 * columns and orders are broken, too. Few names, so that links, files and folders of one name meet in one tree and in the next.
 */
final class HostileTrees {
    private static final List<String> NAMES = List.of("a", "b", "c", "file", "outside");

    private final Random random;
    private final MemoryChunks chunks;
    private final List<String> linkTargets;

    HostileTrees(long seed, MemoryChunks chunks, List<String> linkTargets) {
        this.random = new Random(seed);
        this.chunks = chunks;
        this.linkTargets = linkTargets;
    }

    TreeRoot next() throws IOException, InterruptedException {
        return random.nextInt(3) == 0 ? brokenNode() : illMeantEntries();
    }

    private TreeRoot illMeantEntries() throws IOException, InterruptedException {
        Map<EntryKey, Entry> entries = new TreeMap<>();
        if (random.nextInt(20) > 0) {
            entries.put(
                    EntryKey.ROOT,
                    entry(EntryKey.ROOT, random.nextInt(30) == 0 ? EntryKind.SYMLINK : EntryKind.DIRECTORY));
        }
        int count = 1 + random.nextInt(12);
        for (int i = 0; i < count; i++) {
            EntryKey key = EntryKey.ROOT;
            int depth = 1 + random.nextInt(3);
            for (int level = 0; level < depth; level++) {
                key = key.child(NAMES.get(random.nextInt(NAMES.size())).getBytes(StandardCharsets.UTF_8));
                // Mostly with the folders that belong above, sometimes with something else, sometimes with nothing.
                boolean isLast = level == depth - 1;
                if (isLast || random.nextInt(12) > 0) {
                    EntryKind kind = isLast || random.nextInt(10) == 0 ? kind() : EntryKind.DIRECTORY;
                    EntryKey at = key;
                    if (isLast || !entries.containsKey(at)) {
                        entries.put(at, entry(at, kind));
                    }
                }
            }
        }
        TreeBuilder builder = new TreeBuilder(chunks);
        for (Entry entry : entries.values()) {
            builder.add(entry);
        }
        return builder.finish();
    }

    private EntryKind kind() {
        return switch (random.nextInt(14)) {
            case 0, 1, 2, 3 -> EntryKind.FILE;
            case 4, 5, 6 -> EntryKind.SYMLINK;
            case 7, 8, 9 -> EntryKind.DIRECTORY;
            case 10 -> EntryKind.FIFO;
            case 11 -> EntryKind.SOCKET;
            case 12 -> EntryKind.CHARACTER_DEVICE;
            default -> EntryKind.BLOCK_DEVICE;
        };
    }

    private Entry entry(EntryKey key, EntryKind kind) throws IOException, InterruptedException {
        boolean isDevice = kind == EntryKind.CHARACTER_DEVICE || kind == EntryKind.BLOCK_DEVICE;
        Attributes attributes = new Attributes(
                kind,
                random.nextInt(Attributes.MODE_MAX + 1),
                random.nextInt(3) - 1,
                random.nextInt(3),
                new Moment(
                        random.nextInt(5) == 0 ? random.nextLong() : random.nextInt(), random.nextInt(1_000_000_000)),
                new Moment(0, 0),
                new Attributes.Identity(random.nextInt(3), 1, random.nextInt(3)),
                0,
                isDevice ? random.nextInt(4) == 0 ? random.nextLong() : 0x0103 : 0);
        if (kind == EntryKind.SYMLINK) {
            String target = linkTargets.get(random.nextInt(linkTargets.size()));
            return Entry.symlink(key, attributes, ByteString.copyFromUtf8(target));
        }
        Entry entry = Entry.of(key, attributes);
        if (random.nextInt(6) == 0) {
            entry = entry.withXattrs(List.of(xattr()));
        }
        if (kind != EntryKind.FILE) {
            return entry;
        }
        FileContent content =
                chunks.content("from the tree".substring(random.nextInt(13)).getBytes(StandardCharsets.UTF_8), 5);
        return random.nextInt(8) == 0
                ? entry.withContent(content, Holes.of(List.of(new Hole(0, 1L << (random.nextInt(20) + 1)))))
                : entry.withContent(content);
    }

    private Xattr xattr() {
        String name = List.of("user.x", "security.capability", "system.posix_acl_access", "trusted.x", "nonsense")
                .get(random.nextInt(5));
        byte[] value = new byte[random.nextInt(24)];
        random.nextBytes(value);
        return new Xattr(ByteString.copyFromUtf8(name), ByteString.copyFrom(value));
    }

    /** A leaf as no sender writes it. */
    private TreeRoot brokenNode() {
        TreeNode.Builder node = TreeNode.newBuilder().setFormat(1);
        int count = 1 + random.nextInt(6);
        if (random.nextBoolean()) {
            node.addEntries(TreeEntry.newBuilder().setKind(2).setMode(0755).setLinks(1));
        }
        for (int i = 0; i < count; i++) {
            TreeEntry.Builder entry = TreeEntry.newBuilder()
                    .setShared(random.nextInt(6) == 0 ? random.nextInt(5) : 0)
                    .setSuffix(suffix())
                    .setKind(1 + random.nextInt(8))
                    .setMode(random.nextInt(16) == 0 ? random.nextInt() : random.nextInt(010000))
                    .setInode(random.nextInt(3))
                    .setLinks(random.nextInt(3))
                    .setMtimeS(random.nextInt());
            if (entry.getKind() == 3 || random.nextInt(10) == 0) {
                entry.setLinkTarget(ByteString.copyFromUtf8(linkTargets.get(random.nextInt(linkTargets.size()))));
            }
            if (random.nextInt(8) == 0) {
                entry.addHoles(random.nextInt(100))
                        .addHoles(random.nextInt(100))
                        .setSize(random.nextInt(300));
            }
            node.addEntries(entry);
        }
        byte[] bytes = node.build().toByteArray();
        ChunkRef ref = chunks.write(ChunkKind.TREE, bytes, 0, bytes.length);
        return new TreeRoot(ref, 0);
    }

    private ByteString suffix() {
        String name = NAMES.get(random.nextInt(NAMES.size()));
        return ByteString.copyFromUtf8(
                switch (random.nextInt(12)) {
                    case 0 -> "..";
                    case 1 -> "..\0outside\0file";
                    case 2 -> "/etc/" + name;
                    case 3 -> "a\0..\0..\0outside\0" + name;
                    case 4 -> "a/../../outside/" + name;
                    case 5 -> ".";
                    case 6 -> "\0" + name;
                    case 7 -> name + "\0";
                    case 8 -> "";
                    case 9 -> "x".repeat(300);
                    case 10 -> name + "\0" + name;
                    default -> name;
                });
    }
}
