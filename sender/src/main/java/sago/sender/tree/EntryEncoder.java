package sago.sender.tree;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.common.limits.Limits;
import sago.sender.pack.ChunkRef;
import sago.sender.proto.ExtendedAttribute;
import sago.sender.proto.TreeEntry;

/**
 * Writes entries as {@code TreeEntry}, byte for byte what the generated code writes, without the objects that it makes: a run over unchanged
 * files encodes each of them twice, for the tree and for its cache. Confined to one thread.
 */
final class EntryEncoder {
    private final PackTable packs;
    private final WireBytes to = new WireBytes();

    /** Of the packs of the references under way. */
    private final int[] positions = new int[Limits.ENTRY_REFS_MAX];

    /** Positions of packs are those of this table. */
    EntryEncoder(PackTable packs) {
        this.packs = packs;
    }

    /** The entry's bytes, lent until the next call; the key stands for what it does not share with the last one. */
    WireBytes encode(Entry entry, @Nullable EntryKey lastKey) {
        to.clear();
        byte[] key = entry.key().raw();
        int shared = lastKey == null ? 0 : entry.key().sharedWith(lastKey);
        to.number(TreeEntry.SHARED_FIELD_NUMBER, shared);
        if (shared < key.length) {
            to.bytes(TreeEntry.SUFFIX_FIELD_NUMBER, key, shared, key.length - shared);
        }
        attributes(entry.attributes());
        if (!entry.linkTarget().isEmpty()) {
            to.bytes(TreeEntry.LINK_TARGET_FIELD_NUMBER, entry.linkTarget());
        }
        to.number(TreeEntry.LIST_LEVEL_FIELD_NUMBER, entry.content().listLevel());
        if (!entry.content().refs().isEmpty()) {
            refs(entry.content().refs());
        }
        for (Xattr xattr : entry.xattrs()) {
            to.bytes(
                    TreeEntry.ATTRIBUTES_FIELD_NUMBER,
                    ExtendedAttribute.newBuilder()
                            .setName(xattr.name())
                            .setValue(xattr.value())
                            .build()
                            .toByteString());
        }
        if (!entry.holes().isEmpty()) {
            holes(entry.holes().list());
        }
        to.number(TreeEntry.RDEV_FIELD_NUMBER, entry.attributes().rdev());
        return to;
    }

    private void attributes(Attributes attributes) {
        to.number(TreeEntry.KIND_FIELD_NUMBER, attributes.kind().wireId());
        to.number(TreeEntry.MODE_FIELD_NUMBER, attributes.mode());
        to.number(TreeEntry.UID_FIELD_NUMBER, Integer.toUnsignedLong(attributes.uid()));
        to.number(TreeEntry.GID_FIELD_NUMBER, Integer.toUnsignedLong(attributes.gid()));
        to.signed(TreeEntry.MTIME_S_FIELD_NUMBER, attributes.modified().seconds());
        to.number(TreeEntry.MTIME_NS_FIELD_NUMBER, attributes.modified().nanos());
        to.signed(TreeEntry.CTIME_S_FIELD_NUMBER, attributes.changed().seconds());
        to.number(TreeEntry.CTIME_NS_FIELD_NUMBER, attributes.changed().nanos());
        to.number(TreeEntry.INODE_FIELD_NUMBER, attributes.identity().inode());
        to.number(TreeEntry.DEVICE_FIELD_NUMBER, attributes.identity().device());
        to.number(
                TreeEntry.LINKS_FIELD_NUMBER,
                Integer.toUnsignedLong(attributes.identity().links()));
        to.number(TreeEntry.SIZE_FIELD_NUMBER, attributes.size());
    }

    private void refs(List<ChunkRef> refs) {
        int packBytes = 0;
        int offsetBytes = 0;
        int storedBytes = 0;
        int rawBytes = 0;
        for (int i = 0; i < refs.size(); i++) {
            ChunkRef ref = refs.get(i);
            positions[i] = packs.position(ref.pack());
            packBytes += WireBytes.varintBytes(positions[i]);
            offsetBytes += WireBytes.varintBytes(ref.offset());
            storedBytes += WireBytes.varintBytes(ref.stored());
            rawBytes += WireBytes.varintBytes(ref.raw());
        }
        to.begin(TreeEntry.REF_PACK_FIELD_NUMBER, packBytes);
        for (int i = 0; i < refs.size(); i++) {
            to.varint(positions[i]);
        }
        to.begin(TreeEntry.REF_OFFSET_FIELD_NUMBER, offsetBytes);
        for (ChunkRef ref : refs) {
            to.varint(ref.offset());
        }
        to.begin(TreeEntry.REF_STORED_FIELD_NUMBER, storedBytes);
        for (ChunkRef ref : refs) {
            to.varint(ref.stored());
        }
        to.begin(TreeEntry.REF_RAW_FIELD_NUMBER, rawBytes);
        for (ChunkRef ref : refs) {
            to.varint(ref.raw());
        }
        to.begin(TreeEntry.REF_CHECK_FIELD_NUMBER, refs.size() * Long.BYTES);
        for (ChunkRef ref : refs) {
            to.fixed64(ref.check());
        }
    }

    private void holes(List<Hole> holes) {
        int length = 0;
        long end = 0;
        for (Hole hole : holes) {
            length += WireBytes.varintBytes(hole.offset() - end) + WireBytes.varintBytes(hole.length());
            end = hole.end();
        }
        to.begin(TreeEntry.HOLES_FIELD_NUMBER, length);
        end = 0;
        for (Hole hole : holes) {
            to.varint(hole.offset() - end);
            to.varint(hole.length());
            end = hole.end();
        }
    }
}
