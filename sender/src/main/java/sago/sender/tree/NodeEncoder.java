package sago.sender.tree;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;
import sago.sender.pack.ChunkRef;
import sago.sender.proto.TreeChild;
import sago.sender.proto.TreeNode;

/**
 * One node while it grows: each entry or child is encoded once, when it is added; the table of packs goes in front at
 * the end. The bytes are those of a {@code TreeNode} in field order, so equal entries give equal bytes. Confined to one
 * thread.
 */
final class NodeEncoder {
    /** A node does not end before this: a smaller chunk costs more to name than it saves. */
    static final int BYTES_MIN = 64 << 10;

    /** A node ends here at the latest. */
    static final int BYTES_FULL = 1 << 20;

    /** One key in this many may end a node. */
    static final int SPLIT_MODULUS = 512;

    private final int level;
    private final PackTable packs = new PackTable();
    private final WireBytes body = new WireBytes();
    private final EntryEncoder encoder = new EntryEncoder(packs);

    private @Nullable EntryKey firstKey;
    private @Nullable EntryKey lastKey;
    private int items;
    private long entries;

    NodeEncoder(int level) {
        this.level = level;
    }

    void add(Entry entry) {
        body.bytes(TreeNode.ENTRIES_FIELD_NUMBER, encoder.encode(entry, lastKey));
        count(entry.key(), 1);
    }

    void add(EntryKey childFirstKey, ChunkRef ref, long entriesBelow) {
        TreeChild child = TreeChild.newBuilder()
                .setFirstKey(ByteString.copyFrom(childFirstKey.raw()))
                .setPack(packs.position(ref.pack()))
                .setOffset(ref.offset())
                .setStored(ref.stored())
                .setRaw(ref.raw())
                .setCheck(ref.check())
                .setEntries(entriesBelow)
                .build();
        body.bytes(TreeNode.CHILDREN_FIELD_NUMBER, child.toByteString());
        count(childFirstKey, entriesBelow);
    }

    private void count(EntryKey key, long entriesBelow) {
        firstKey = firstKey == null ? key : firstKey;
        lastKey = key;
        items++;
        entries += entriesBelow;
    }

    boolean isEmpty() {
        return items == 0;
    }

    int items() {
        return items;
    }

    /** Entries in or below this node. */
    long entries() {
        return entries;
    }

    EntryKey firstKey() {
        if (firstKey == null) {
            throw new IllegalStateException("an empty node has no first key");
        }
        return firstKey;
    }

    /**
     * Whether the node ends after what was added last: decided by that key alone once the node is large enough, so that
     * nodes after a change fall into the same places. A node above the leaves holds two children at least.
     */
    boolean endsHere() {
        int bytes = encodedBytes();
        if (lastKey == null || bytes < BYTES_MIN || (level > 0 && items < 2)) {
            return false;
        }
        return bytes >= BYTES_FULL || maySplitAfter(lastKey);
    }

    private static boolean maySplitAfter(EntryKey key) {
        byte[] hash = sha256().digest(key.raw());
        int first = (hash[0] & 0xff) << 24 | (hash[1] & 0xff) << 16 | (hash[2] & 0xff) << 8 | (hash[3] & 0xff);
        return Integer.remainderUnsigned(first, SPLIT_MODULUS) == 0;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }

    int encodedBytes() {
        return body.size() + packs.encodedBytes();
    }

    byte[] toBytes() {
        WireBytes node = new WireBytes();
        node.number(TreeNode.FORMAT_FIELD_NUMBER, Wire.FORMAT);
        node.number(TreeNode.LEVEL_FIELD_NUMBER, level);
        for (ByteString pack : packs.ids()) {
            node.bytes(TreeNode.PACKS_FIELD_NUMBER, pack);
        }
        node.append(body);
        return node.toArray();
    }
}
