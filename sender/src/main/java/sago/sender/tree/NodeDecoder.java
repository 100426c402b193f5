package sago.sender.tree;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.limits.Limits;
import sago.sender.pack.ChunkRef;
import sago.sender.proto.ChunkList;
import sago.sender.proto.ExtendedAttribute;
import sago.sender.proto.TreeChild;
import sago.sender.proto.TreeEntry;
import sago.sender.proto.TreeNode;

/**
 * Opens nodes and lists and believes nothing: lengths, versions, unknown fields, positions, order and meaning are
 * checked, so that what comes out is a value that the rest of the program may use. Any thread.
 */
final class NodeDecoder {
    private NodeDecoder() {}

    /** A child of a node above the leaves. */
    record Child(EntryKey firstKey, ChunkRef ref, long entries) {}

    /** A reference of a list; the span is the file bytes below it. */
    record Span(ChunkRef ref, long bytes) {}

    /** The entries of a leaf, ascending. */
    static List<Entry> leaf(byte[] bytes) throws FaultException {
        TreeNode node = node(bytes, 0);
        if (node.getChildrenCount() > 0) {
            throw corrupt("a leaf has children");
        }
        List<PackId> packs = packs(node.getPacksList());
        List<Entry> entries = new ArrayList<>(node.getEntriesCount());
        @Nullable EntryKey last = null;
        for (TreeEntry from : node.getEntriesList()) {
            Entry entry = entry(from, last, packs);
            checkAscending(last, entry.key());
            last = entry.key();
            entries.add(entry);
        }
        return entries;
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
        checkFormat(node.getFormat());
        if (node.getLevel() != level) {
            throw corrupt("a node of level " + node.getLevel() + " where one of level " + level + " belongs");
        }
        return node;
    }

    private static Entry entry(TreeEntry from, @Nullable EntryKey last, List<PackId> packs) throws FaultException {
        Wire.refuseUnknown(from);
        EntryKey key = key(last, from);
        EntryKind kind = EntryKind.ofWireId(from.getKind());
        if (kind == null) {
            throw corrupt(key + " is of unknown kind " + from.getKind());
        }
        if (from.getSize() < 0) {
            throw corrupt(key + " has a size out of bounds");
        }
        try {
            Entry entry = assemble(key, kind, from);
            if (kind == EntryKind.FILE) {
                Holes holes = holes(from);
                entry = entry.withContent(content(from, from.getSize() - holes.bytes(), packs), holes);
            } else if (from.getRefPackCount() > 0 || from.getListLevel() != 0 || from.getHolesCount() > 0) {
                throw corrupt(key + " is no file but has content");
            }
            return entry.withXattrs(xattrs(from));
        } catch (IllegalArgumentException e) {
            throw new FaultException(Fault.INTEGRITY, "the snapshot holds " + key + " with " + e.getMessage(), e);
        }
    }

    private static Entry assemble(EntryKey key, EntryKind kind, TreeEntry from) {
        Attributes attributes = new Attributes(
                kind,
                from.getMode(),
                from.getUid(),
                from.getGid(),
                new Moment(from.getMtimeS(), from.getMtimeNs()),
                new Moment(from.getCtimeS(), from.getCtimeNs()),
                new Attributes.Identity(from.getInode(), from.getDevice(), from.getLinks()),
                from.getSize(),
                from.getRdev());
        return kind == EntryKind.SYMLINK || !from.getLinkTarget().isEmpty()
                ? Entry.symlink(key, attributes, from.getLinkTarget())
                : Entry.of(key, attributes);
    }

    private static List<Xattr> xattrs(TreeEntry from) throws FaultException {
        if (from.getAttributesCount() == 0) {
            return List.of();
        }
        List<Xattr> xattrs = new ArrayList<>(from.getAttributesCount());
        for (ExtendedAttribute one : from.getAttributesList()) {
            Wire.refuseUnknown(one);
            xattrs.add(new Xattr(one.getName(), one.getValue()));
        }
        return xattrs;
    }

    private static Holes holes(TreeEntry from) throws FaultException {
        int count = from.getHolesCount();
        if (count == 0) {
            return Holes.NONE;
        }
        if (count % 2 != 0 || count / 2 > Limits.HOLES_MAX) {
            throw corrupt(count + " numbers for holes");
        }
        List<Hole> holes = new ArrayList<>(count / 2);
        long end = 0;
        for (int i = 0; i < count; i += 2) {
            long gap = from.getHoles(i);
            long length = from.getHoles(i + 1);
            // Compared without sums, which could overflow: both are unsigned on the wire.
            if (gap < 0 || gap > from.getSize() - end || length <= 0 || length > from.getSize() - end - gap) {
                throw corrupt("a hole beyond the end of its file");
            }
            holes.add(new Hole(end + gap, length));
            end += gap + length;
        }
        return Holes.of(holes);
    }

    private static FileContent content(TreeEntry from, long bytes, List<PackId> packs) throws FaultException {
        int count = from.getRefPackCount();
        if (count > Limits.ENTRY_REFS_MAX
                || from.getRefOffsetCount() != count
                || from.getRefStoredCount() != count
                || from.getRefRawCount() != count
                || from.getRefCheckCount() != count) {
            throw corrupt("columns of a file's chunks differ in length, or are out of bounds");
        }
        List<ChunkRef> refs = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ChunkRef ref = ref(
                    packs,
                    from.getRefPack(i),
                    from.getRefOffset(i),
                    from.getRefStored(i),
                    from.getRefRaw(i),
                    from.getRefCheck(i));
            if (ref.raw() == 0) {
                throw corrupt("a file with an empty chunk");
            }
            refs.add(ref);
        }
        return new FileContent(from.getListLevel(), bytes, refs);
    }

    private static EntryKey key(@Nullable EntryKey last, TreeEntry from) throws FaultException {
        int shared = from.getShared();
        ByteString suffix = from.getSuffix();
        byte[] previous = last == null ? new byte[0] : last.raw();
        if (shared < 0 || shared > previous.length || suffix.size() > Limits.PATH_BYTES_MAX) {
            throw corrupt("a key shares " + shared + " bytes with one of " + previous.length);
        }
        byte[] bytes = Arrays.copyOf(previous, shared + suffix.size());
        suffix.copyTo(bytes, shared);
        return key(bytes);
    }

    private static EntryKey key(byte[] owned) throws FaultException {
        try {
            return EntryKey.checked(owned);
        } catch (IllegalArgumentException e) {
            throw new FaultException(
                    Fault.INTEGRITY, "the snapshot holds a path that no file can have: " + e.getMessage(), e);
        }
    }

    private static ChunkRef ref(List<PackId> packs, int pack, int offset, int stored, int raw, long check)
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
