package sago.sender.tree;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.limits.Limits;
import sago.sender.pack.ChunkRef;
import sago.sender.proto.ChunkList;
import sago.sender.proto.TreeChild;
import sago.sender.proto.TreeNode;

/**
 * Opens nodes and lists and believes nothing: lengths, versions, unknown fields, positions, order and meaning are
 * checked, so that what comes out is a value that the rest of the program may use. Any thread.
 */
final class NodeDecoder {
    private static final int FORMAT_TAG = TreeNode.FORMAT_FIELD_NUMBER << Wire.TYPE_BITS | Wire.VARINT;
    private static final int LEVEL_TAG = TreeNode.LEVEL_FIELD_NUMBER << Wire.TYPE_BITS | Wire.VARINT;
    private static final int PACKS_TAG = TreeNode.PACKS_FIELD_NUMBER << Wire.TYPE_BITS | Wire.BYTES;
    private static final int ENTRIES_TAG = TreeNode.ENTRIES_FIELD_NUMBER << Wire.TYPE_BITS | Wire.BYTES;
    private static final int CHILDREN_TAG = TreeNode.CHILDREN_FIELD_NUMBER << Wire.TYPE_BITS | Wire.BYTES;

    private NodeDecoder() {}

    /** A child of a node above the leaves. */
    record Child(EntryKey firstKey, ChunkRef ref, long entries) {}

    /** A reference of a list; the span is the file bytes below it. */
    record Span(ChunkRef ref, long bytes) {}

    /** The entries of a leaf, ascending. */
    static List<Entry> leaf(byte[] bytes) throws FaultException {
        checkSize(bytes);
        try {
            List<PackId> packs = leafPacks(CodedInputStream.newInstance(bytes));
            CodedInputStream from = CodedInputStream.newInstance(bytes);
            EntryDecoder decoder = new EntryDecoder(from, packs);
            List<Entry> entries = new ArrayList<>();
            @Nullable EntryKey last = null;
            for (int tag = from.readTag(); tag != 0; tag = from.readTag()) {
                if (tag == ENTRIES_TAG) {
                    Entry entry = decoder.next(last);
                    checkAscending(last, entry.key());
                    last = entry.key();
                    entries.add(entry);
                } else {
                    from.skipField(tag);
                }
            }
            return entries;
        } catch (FaultException e) {
            throw e;
        } catch (IOException e) {
            throw new FaultException(Fault.INTEGRITY, "a tree node cannot be parsed", e);
        }
    }

    /** The packs that a leaf names; whatever else it holds than entries is checked. */
    private static List<PackId> leafPacks(CodedInputStream from) throws IOException {
        int format = 0;
        int level = 0;
        List<ByteString> packs = new ArrayList<>();
        boolean hasChildren = false;
        for (int tag = from.readTag(); tag != 0; tag = from.readTag()) {
            switch (tag) {
                case FORMAT_TAG -> format = from.readUInt32();
                case LEVEL_TAG -> level = from.readUInt32();
                case PACKS_TAG -> packs.add(from.readBytes());
                case ENTRIES_TAG -> from.skipField(tag);
                case CHILDREN_TAG -> {
                    hasChildren = true;
                    from.skipField(tag);
                }
                default -> {
                    Wire.skipUnknown("TreeNode", tag, from);
                }
            }
        }
        checkHead(format, level, 0);
        if (hasChildren) {
            throw corrupt("a leaf has children");
        }
        return packs(packs);
    }

    /** The children of a node of this level, ascending, at least one. */
    static List<Child> branch(byte[] bytes, int level) throws FaultException {
        TreeNode node = node(bytes, level);
        if (node.getEntriesCount() > 0 || node.getChildrenCount() == 0) {
            throw corrupt("a node above the leaves has " + node.getEntriesCount() + " entries, "
                    + node.getChildrenCount() + " children");
        }
        List<PackId> packs = packs(node.getPacksList());
        List<Child> children = new ArrayList<>(node.getChildrenCount());
        @Nullable EntryKey last = null;
        for (TreeChild from : node.getChildrenList()) {
            Wire.refuseUnknown(from);
            EntryKey firstKey = key(from.getFirstKey().toByteArray());
            checkAscending(last, firstKey);
            last = firstKey;
            ChunkRef ref =
                    ref(packs, from.getPack(), from.getOffset(), from.getStored(), from.getRaw(), from.getCheck());
            if (from.getEntries() <= 0) {
                throw corrupt("a child without entries");
            }
            children.add(new Child(firstKey, ref, from.getEntries()));
        }
        return children;
    }

    /** Whether a list names lists: only these say how many bytes of the file lie below each. */
    static boolean holdsLists(byte[] bytes) throws FaultException {
        return parseList(bytes).getRefSpanCount() > 0;
    }

    private static ChunkList parseList(byte[] bytes) throws FaultException {
        checkSize(bytes);
        try {
            return ChunkList.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new FaultException(Fault.INTEGRITY, "a chunk list cannot be parsed", e);
        }
    }

    /** The references of a list of this level (1: they are chunks of data), at least one. */
    static List<Span> list(byte[] bytes, int level) throws FaultException {
        ChunkList list = parseList(bytes);
        Wire.refuseUnknown(list);
        checkFormat(list.getFormat());
        int count = list.getRefPackCount();
        if (count == 0
                || count > Limits.LIST_REFS_MAX
                || list.getRefOffsetCount() != count
                || list.getRefStoredCount() != count
                || list.getRefRawCount() != count
                || list.getRefCheckCount() != count
                || list.getRefSpanCount() != (level > 1 ? count : 0)) {
            throw corrupt("columns of a chunk list differ in length, or are out of bounds");
        }
        List<PackId> packs = packs(list.getPacksList());
        List<Span> spans = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ChunkRef ref = ref(
                    packs,
                    list.getRefPack(i),
                    list.getRefOffset(i),
                    list.getRefStored(i),
                    list.getRefRaw(i),
                    list.getRefCheck(i));
            long span = level > 1 ? list.getRefSpan(i) : ref.raw();
            if (span <= 0) {
                throw corrupt("a chunk list holds a reference to nothing");
            }
            spans.add(new Span(ref, span));
        }
        return spans;
    }

    private static TreeNode node(byte[] bytes, int level) throws FaultException {
        checkSize(bytes);
        TreeNode node;
        try {
            node = TreeNode.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new FaultException(Fault.INTEGRITY, "a tree node cannot be parsed", e);
        }
        Wire.refuseUnknown(node);
        checkHead(node.getFormat(), node.getLevel(), level);
        return node;
    }

    private static void checkHead(int format, int level, int expectedLevel) throws FaultException {
        checkFormat(format);
        if (level != expectedLevel) {
            throw corrupt("a node of level " + level + " where one of level " + expectedLevel + " belongs");
        }
    }

    static EntryKey key(byte[] owned) throws FaultException {
        try {
            return EntryKey.checked(owned);
        } catch (IllegalArgumentException e) {
            throw new FaultException(
                    Fault.INTEGRITY, "the snapshot holds a path that no file can have: " + e.getMessage(), e);
        }
    }

    static ChunkRef ref(List<PackId> packs, int pack, int offset, int stored, int raw, long check)
            throws FaultException {
        if (pack < 0 || pack >= packs.size()) {
            throw corrupt("a reference names pack " + Integer.toUnsignedLong(pack) + " of " + packs.size());
        }
        try {
            return new ChunkRef(packs.get(pack), offset, stored, raw, check);
        } catch (IllegalArgumentException e) {
            throw new FaultException(Fault.INTEGRITY, "a reference is out of bounds: " + e.getMessage(), e);
        }
    }

    private static List<PackId> packs(List<ByteString> from) throws FaultException {
        List<PackId> packs = new ArrayList<>(from.size());
        for (ByteString id : from) {
            if (id.size() != PackId.BYTES) {
                throw corrupt("a pack id of " + id.size() + " bytes");
            }
            packs.add(PackId.of(id.toByteArray()));
        }
        return packs;
    }

    private static void checkAscending(@Nullable EntryKey last, EntryKey key) throws FaultException {
        if (last != null && last.compareTo(key) >= 0) {
            throw corrupt(key + " stands after " + last);
        }
    }

    private static void checkSize(byte[] bytes) throws FaultException {
        if (bytes.length > Limits.TREE_NODE_BYTES_MAX) {
            throw corrupt("a node of " + bytes.length + " bytes");
        }
    }

    private static void checkFormat(int format) throws FaultException {
        if (format != Wire.FORMAT) {
            throw new FaultException(
                    Fault.VERSION, "the snapshot's tree has format " + format + "; this version reads " + Wire.FORMAT);
        }
    }

    static FaultException corrupt(String what) {
        return new FaultException(Fault.INTEGRITY, "the snapshot's tree is damaged: " + what);
    }
}
