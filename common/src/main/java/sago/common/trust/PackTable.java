package sago.common.trust;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import sago.common.id.PackId;
import sago.common.limits.Limits;
import sago.common.pack.PackEntry;

/**
 * Packs that a manifest adds: 56 bytes each (id 16, length u64, root 32), ascending by id, none twice. Entries are made as they
 * are asked for, so that a large table stays as small as its bytes. Immutable; any thread.
 */
public final class PackTable implements Iterable<PackEntry> {
    public static final PackTable EMPTY = new PackTable(ByteString.EMPTY);

    private final ByteString rows;

    /** A table from a peer, a disk or a builder; IllegalArgumentException unless rows are whole, ascending and plausible. */
    public PackTable(ByteString rows) {
        this.rows = rows;
        Terms.require(rows.size() <= Limits.COMMIT_BYTES_MAX, "length of the table of added packs");
        Terms.require(rows.size() % PackEntry.BYTES == 0, "length of the table of added packs");
        ByteBuffer bytes = rows.asReadOnlyByteBuffer().slice(); // shared bytes begin anywhere
        Rows.requireAscending(bytes, PackEntry.BYTES, "added packs");
        for (int at = PackId.BYTES; at < bytes.limit(); at += PackEntry.BYTES) {
            long length = bytes.getLong(at);
            Terms.require(
                    length > 0 && length <= Limits.PACK_BYTES_MAX && Long.bitCount(length) == 1,
                    "length of an added pack");
        }
    }

    /** The table of these packs, in any order. */
    public static PackTable of(Collection<PackEntry> packs) {
        PackEntry[] sorted = packs.toArray(new PackEntry[0]);
        Arrays.sort(sorted, (a, b) -> a.id().compareTo(b.id()));
        ByteBuffer rows = ByteBuffer.allocate(Math.multiplyExact(sorted.length, PackEntry.BYTES));
        for (PackEntry pack : sorted) {
            pack.write(rows);
        }
        return new PackTable(ByteString.copyFrom(rows.flip()));
    }

    public int size() {
        return rows.size() / PackEntry.BYTES;
    }

    public PackEntry entry(int index) {
        return PackEntry.read(row(index));
    }

    /** The entry of a pack, found by halving. */
    public Optional<PackEntry> find(PackId id) {
        int low = 0;
        int high = size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = PackId.read(row(middle)).compareTo(id);
            if (order == 0) {
                return Optional.of(entry(middle));
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return Optional.empty();
    }

    @Override
    public Iterator<PackEntry> iterator() {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < size();
            }

            @Override
            public PackEntry next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return entry(next++);
            }
        };
    }

    /** The rows as they are signed. */
    public ByteString rows() {
        return rows;
    }

    private ByteBuffer row(int index) {
        int at = index * PackEntry.BYTES;
        return rows.substring(at, at + PackEntry.BYTES).asReadOnlyByteBuffer();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PackTable that && rows.equals(that.rows);
    }

    @Override
    public int hashCode() {
        return rows.hashCode();
    }

    @Override
    public String toString() {
        return "PackTable[" + size() + " packs]";
    }
}
