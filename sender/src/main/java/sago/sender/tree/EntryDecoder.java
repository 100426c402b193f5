package sago.sender.tree;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.limits.Limits;
import sago.sender.pack.ChunkRef;
import sago.sender.proto.ExtendedAttribute;
import sago.sender.proto.TreeEntry;

/**
 * Reads the messages {@code TreeEntry} of one node as {@link EntryEncoder} writes them, field by field, without the objects that the generated code
 * makes and the compiler time that it takes: a run over unchanged files reads each of them. Believes nothing. Confined to one thread.
 */
final class EntryDecoder {
    private final CodedInputStream from;
    private final List<PackId> packs;

    private int shared;
    private byte[] suffix = {};
    private int kind;
    private int mode;
    private int uid;
    private int gid;
    private long modifiedS;
    private int modifiedNs;
    private long changedS;
    private int changedNs;
    private long inode;
    private long device;
    private int links;
    private long size;
    private long rdev;
    private ByteString linkTarget = ByteString.EMPTY;
    private int listLevel;
    private final Column refPack = new Column(Limits.ENTRY_REFS_MAX);
    private final Column refOffset = new Column(Limits.ENTRY_REFS_MAX);
    private final Column refStored = new Column(Limits.ENTRY_REFS_MAX);
    private final Column refRaw = new Column(Limits.ENTRY_REFS_MAX);
    private final Column refCheck = new Column(Limits.ENTRY_REFS_MAX);
    private final Column holes = new Column(2 * Limits.HOLES_MAX);
    private final List<ExtendedAttribute> attributes = new ArrayList<>();

    /**
     * @param from the node
     * @param packs those that its references name by position
     */
    EntryDecoder(CodedInputStream from, List<PackId> packs) {
        this.from = from;
        this.packs = packs;
    }

    /** Numbers of a repeated field, bounded. */
    private static final class Column {
        private final int max;
        private long[] values = new long[4];
        private int count;

        Column(int max) {
            this.max = max;
        }

        void add(long value) throws FaultException {
            if (count == max) {
                throw NodeDecoder.corrupt("a column of more than " + max + " numbers");
            }
            if (count == values.length) {
                values = Arrays.copyOf(values, Math.min(max, 2 * count));
            }
            values[count++] = value;
        }
    }

    /** The message that begins here with its length; its key goes on from the one before. */
    Entry next(@Nullable EntryKey last) throws IOException {
        clear();
        int before = from.pushLimit(from.readRawVarint32());
        for (int tag = from.readTag(); tag != 0; tag = from.readTag()) {
            field(tag);
        }
        from.popLimit(before);
        return entry(key(last));
    }

    private void clear() {
        shared = 0;
        suffix = new byte[0];
        kind = 0;
        mode = 0;
        uid = 0;
        gid = 0;
        modifiedS = 0;
        modifiedNs = 0;
        changedS = 0;
        changedNs = 0;
        inode = 0;
        device = 0;
        links = 0;
        size = 0;
        rdev = 0;
        linkTarget = ByteString.EMPTY;
        listLevel = 0;
        refPack.count = 0;
        refOffset.count = 0;
        refStored.count = 0;
        refRaw.count = 0;
        refCheck.count = 0;
        holes.count = 0;
        attributes.clear();
    }

    private void field(int tag) throws IOException {
        switch (tag) {
            case TreeEntry.SHARED_FIELD_NUMBER << Wire.TYPE_BITS | Wire.VARINT -> shared = from.readUInt32();
            case TreeEntry.SUFFIX_FIELD_NUMBER << Wire.TYPE_BITS | Wire.BYTES -> suffix = from.readByteArray();
            case TreeEntry.KIND_FIELD_NUMBER << Wire.TYPE_BITS | Wire.VARINT -> kind = from.readUInt32();
            case TreeEntry.MODE_FIELD_NUMBER << Wire.TYPE_BITS | Wire.VARINT -> mode = from.readUInt32();
            case TreeEntry.UID_FIELD_NUMBER << Wire.TYPE_BITS | Wire.VARINT -> uid = from.readUInt32();
            case TreeEntry.GID_FIELD_NUMBER << Wire.TYPE_BITS | Wire.VARINT -> gid = from.readUInt32();
            case TreeEntry.MTIME_S_FIELD_NUMBER << Wire.TYPE_BITS | Wire.VARINT -> modifiedS = from.readSInt64();
            case TreeEntry.MTIME_NS_FIELD_NUMBER << Wire.TYPE_BITS | Wire.VARINT -> modifiedNs = from.readUInt32();
            case TreeEntry.CTIME_S_FIELD_NUMBER << Wire.TYPE_BITS | Wire.VARINT -> changedS = from.readSInt64();
            case TreeEntry.CTIME_NS_FIELD_NUMBER << Wire.TYPE_BITS | Wire.VARINT -> changedNs = from.readUInt32();
            case TreeEntry.INODE_FIELD_NUMBER << Wire.TYPE_BITS | Wire.VARINT -> inode = from.readUInt64();
            case TreeEntry.DEVICE_FIELD_NUMBER << Wire.TYPE_BITS | Wire.VARINT -> device = from.readUInt64();
            case TreeEntry.LINKS_FIELD_NUMBER << Wire.TYPE_BITS | Wire.VARINT -> links = from.readUInt32();
            case TreeEntry.SIZE_FIELD_NUMBER << Wire.TYPE_BITS | Wire.VARINT -> size = from.readUInt64();
            case TreeEntry.RDEV_FIELD_NUMBER << Wire.TYPE_BITS | Wire.VARINT -> rdev = from.readUInt64();
            case TreeEntry.LINK_TARGET_FIELD_NUMBER << Wire.TYPE_BITS | Wire.BYTES -> linkTarget = from.readBytes();
            default -> rareField(tag);
        }
    }

    private void rareField(int tag) throws IOException {
        switch (tag) {
            case TreeEntry.LIST_LEVEL_FIELD_NUMBER << Wire.TYPE_BITS | Wire.VARINT -> listLevel = from.readUInt32();
            case TreeEntry.REF_PACK_FIELD_NUMBER << Wire.TYPE_BITS | Wire.BYTES -> column(refPack, Wire.VARINT);
            case TreeEntry.REF_OFFSET_FIELD_NUMBER << Wire.TYPE_BITS | Wire.BYTES -> column(refOffset, Wire.VARINT);
            case TreeEntry.REF_STORED_FIELD_NUMBER << Wire.TYPE_BITS | Wire.BYTES -> column(refStored, Wire.VARINT);
            case TreeEntry.REF_RAW_FIELD_NUMBER << Wire.TYPE_BITS | Wire.BYTES -> column(refRaw, Wire.VARINT);
            case TreeEntry.REF_CHECK_FIELD_NUMBER << Wire.TYPE_BITS | Wire.BYTES -> column(refCheck, Wire.FIXED64);
            case TreeEntry.HOLES_FIELD_NUMBER << Wire.TYPE_BITS | Wire.BYTES -> column(holes, Wire.VARINT);
            case TreeEntry.ATTRIBUTES_FIELD_NUMBER << Wire.TYPE_BITS | Wire.BYTES -> {
                ExtendedAttribute one =
                        from.readMessage(ExtendedAttribute.parser(), ExtensionRegistryLite.getEmptyRegistry());
                Wire.refuseUnknown(one);
                attributes.add(one);
            }
            default -> Wire.skipUnknown("TreeEntry", tag, from);
        }
    }

    private void column(Column column, int wire) throws IOException {
        int before = from.pushLimit(from.readRawVarint32());
        while (from.getBytesUntilLimit() > 0) {
            column.add(wire == Wire.FIXED64 ? from.readFixed64() : from.readUInt64());
        }
        from.popLimit(before);
    }

    private EntryKey key(@Nullable EntryKey last) throws FaultException {
        byte[] previous = last == null ? new byte[0] : last.raw();
        if (shared < 0 || shared > previous.length || suffix.length > Limits.PATH_BYTES_MAX) {
            throw NodeDecoder.corrupt("a key shares " + shared + " bytes with one of " + previous.length);
        }
        byte[] bytes = Arrays.copyOf(previous, shared + suffix.length);
        System.arraycopy(suffix, 0, bytes, shared, suffix.length);
        return NodeDecoder.key(bytes);
    }

    private Entry entry(EntryKey key) throws FaultException {
        EntryKind known = EntryKind.ofWireId(kind);
        if (known == null) {
            throw NodeDecoder.corrupt(key + " is of unknown kind " + kind);
        }
        if (size < 0) {
            throw NodeDecoder.corrupt(key + " has a size out of bounds");
        }
        try {
            Entry entry = bare(key, known);
            if (known == EntryKind.FILE) {
                Holes between = holes();
                entry = entry.withContent(content(size - between.bytes()), between);
            } else if (refPack.count > 0 || listLevel != 0 || holes.count > 0) {
                throw NodeDecoder.corrupt(key + " is no file but has content");
            }
            return attributes.isEmpty()
                    ? entry
                    : entry.withXattrs(attributes.stream()
                            .map(one -> new Xattr(one.getName(), one.getValue()))
                            .toList());
        } catch (IllegalArgumentException e) {
            throw new FaultException(Fault.INTEGRITY, "the snapshot holds " + key + " with " + e.getMessage(), e);
        }
    }

    private Entry bare(EntryKey key, EntryKind known) {
        Attributes attributes = new Attributes(
                known,
                mode,
                uid,
                gid,
                new Moment(modifiedS, modifiedNs),
                new Moment(changedS, changedNs),
                new Attributes.Identity(inode, device, links),
                size,
                rdev);
        return known == EntryKind.SYMLINK || !linkTarget.isEmpty()
                ? Entry.symlink(key, attributes, linkTarget)
                : Entry.of(key, attributes);
    }

    private Holes holes() throws FaultException {
        if (holes.count == 0) {
            return Holes.NONE;
        }
        if (holes.count % 2 != 0) {
            throw NodeDecoder.corrupt(holes.count + " numbers for holes");
        }
        List<Hole> list = new ArrayList<>(holes.count / 2);
        long end = 0;
        for (int i = 0; i < holes.count; i += 2) {
            long gap = holes.values[i];
            long length = holes.values[i + 1];
            // Compared without sums, which could overflow: both are unsigned on the wire.
            if (gap < 0 || gap > size - end || length <= 0 || length > size - end - gap) {
                throw NodeDecoder.corrupt("a hole beyond the end of its file");
            }
            list.add(new Hole(end + gap, length));
            end += gap + length;
        }
        return Holes.of(list);
    }

    private FileContent content(long bytes) throws FaultException {
        int count = refPack.count;
        if (refOffset.count != count || refStored.count != count || refRaw.count != count || refCheck.count != count) {
            throw NodeDecoder.corrupt("columns of a file's chunks differ in length");
        }
        ChunkRef[] refs = new ChunkRef[count];
        for (int i = 0; i < count; i++) {
            refs[i] = NodeDecoder.ref(
                    packs,
                    (int) refPack.values[i],
                    (int) refOffset.values[i],
                    (int) refStored.values[i],
                    (int) refRaw.values[i],
                    refCheck.values[i]);
            if (refs[i].raw() == 0) {
                throw NodeDecoder.corrupt("a file with an empty chunk");
            }
        }
        return new FileContent(listLevel, bytes, List.of(refs));
    }
}
