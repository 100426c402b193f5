package sago.sender.tree;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.sender.pack.ChunkRef;
import sago.sender.proto.ExtendedAttribute;
import sago.sender.proto.TreeEntry;

/**
 * Writes entries as {@code TreeEntry}, byte for byte what the generated code writes, without the objects that it makes: a run over unchanged
 * files encodes each of them twice, for the tree and for its cache. Confined to one thread.
 */
final class EntryEncoder {
    private static final int PACKED = 2;

    private final PackTable packs;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    private final CodedOutputStream to = CodedOutputStream.newInstance(bytes, 512);

    /** Positions of packs are those of this table. */
    EntryEncoder(PackTable packs) {
        this.packs = packs;
    }

    /** The entry's bytes, lent until the next call; the key stands for what it does not share with the last one. */
    ByteArrayOutputStream encode(Entry entry, @Nullable EntryKey lastKey) throws IOException {
        bytes.reset();
        byte[] key = entry.key().raw();
        int shared = lastKey == null ? 0 : entry.key().sharedWith(lastKey);
        number(TreeEntry.SHARED_FIELD_NUMBER, shared);
        if (shared < key.length) {
            to.writeByteArray(TreeEntry.SUFFIX_FIELD_NUMBER, key, shared, key.length - shared);
        }
        attributes(entry);
        if (!entry.linkTarget().isEmpty()) {
            to.writeBytes(TreeEntry.LINK_TARGET_FIELD_NUMBER, entry.linkTarget());
        }
        number(TreeEntry.LIST_LEVEL_FIELD_NUMBER, entry.content().listLevel());
        if (!entry.content().refs().isEmpty()) {
            refs(entry.content().refs());
        }
        for (Xattr xattr : entry.xattrs()) {
            to.writeMessage(
                    TreeEntry.ATTRIBUTES_FIELD_NUMBER,
                    ExtendedAttribute.newBuilder()
                            .setName(xattr.name())
                            .setValue(xattr.value())
                            .build());
        }
        if (!entry.holes().list().isEmpty()) {
            holes(entry.holes().list());
        }
        number(TreeEntry.RDEV_FIELD_NUMBER, entry.attributes().rdev());
        to.flush();
        return bytes;
    }

    private void attributes(Entry entry) throws IOException {
        Attributes attributes = entry.attributes();
        number(TreeEntry.KIND_FIELD_NUMBER, attributes.kind().wireId());
        number(TreeEntry.MODE_FIELD_NUMBER, attributes.mode());
        number(TreeEntry.UID_FIELD_NUMBER, attributes.uid());
        number(TreeEntry.GID_FIELD_NUMBER, attributes.gid());
        signed(TreeEntry.MTIME_S_FIELD_NUMBER, attributes.modified().seconds());
        number(TreeEntry.MTIME_NS_FIELD_NUMBER, attributes.modified().nanos());
        signed(TreeEntry.CTIME_S_FIELD_NUMBER, attributes.changed().seconds());
        number(TreeEntry.CTIME_NS_FIELD_NUMBER, attributes.changed().nanos());
        number(TreeEntry.INODE_FIELD_NUMBER, attributes.identity().inode());
        number(TreeEntry.DEVICE_FIELD_NUMBER, attributes.identity().device());
        number(TreeEntry.LINKS_FIELD_NUMBER, attributes.identity().links());
        number(TreeEntry.SIZE_FIELD_NUMBER, attributes.size());
    }

    private void number(int field, int value) throws IOException {
        if (value != 0) {
            to.writeUInt32(field, value);
        }
    }

    private void number(int field, long value) throws IOException {
        if (value != 0) {
            to.writeUInt64(field, value);
        }
    }

    private void signed(int field, long value) throws IOException {
        if (value != 0) {
            to.writeSInt64(field, value);
        }
    }

    private void refs(List<ChunkRef> refs) throws IOException {
        int packBytes = 0;
        int offsetBytes = 0;
        int storedBytes = 0;
        int rawBytes = 0;
        for (ChunkRef ref : refs) {
            packBytes += CodedOutputStream.computeUInt32SizeNoTag(packs.position(ref.pack()));
            offsetBytes += CodedOutputStream.computeUInt32SizeNoTag(ref.offset());
            storedBytes += CodedOutputStream.computeUInt32SizeNoTag(ref.stored());
            rawBytes += CodedOutputStream.computeUInt32SizeNoTag(ref.raw());
        }
        column(TreeEntry.REF_PACK_FIELD_NUMBER, packBytes);
        for (ChunkRef ref : refs) {
            to.writeUInt32NoTag(packs.position(ref.pack()));
        }
        column(TreeEntry.REF_OFFSET_FIELD_NUMBER, offsetBytes);
        for (ChunkRef ref : refs) {
            to.writeUInt32NoTag(ref.offset());
        }
        column(TreeEntry.REF_STORED_FIELD_NUMBER, storedBytes);
        for (ChunkRef ref : refs) {
            to.writeUInt32NoTag(ref.stored());
        }
        column(TreeEntry.REF_RAW_FIELD_NUMBER, rawBytes);
        for (ChunkRef ref : refs) {
            to.writeUInt32NoTag(ref.raw());
        }
        column(TreeEntry.REF_CHECK_FIELD_NUMBER, refs.size() * Long.BYTES);
        for (ChunkRef ref : refs) {
            to.writeFixed64NoTag(ref.check());
        }
    }

    private void holes(List<Hole> holes) throws IOException {
        int length = 0;
        long end = 0;
        for (Hole hole : holes) {
            length += CodedOutputStream.computeUInt64SizeNoTag(hole.offset() - end)
                    + CodedOutputStream.computeUInt64SizeNoTag(hole.length());
            end = hole.end();
        }
        column(TreeEntry.HOLES_FIELD_NUMBER, length);
        end = 0;
        for (Hole hole : holes) {
            to.writeUInt64NoTag(hole.offset() - end);
            to.writeUInt64NoTag(hole.length());
            end = hole.end();
        }
    }

    private void column(int field, int length) throws IOException {
        to.writeTag(field, PACKED);
        to.writeUInt32NoTag(length);
    }
}
