package sago.common.trust;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.NoSuchElementException;
import sago.common.id.PackId;
import sago.common.limits.Limits;

/** Packs that a manifest drops: 16 bytes each, ascending, none twice. Immutable; any thread. */
public final class PackIds implements Iterable<PackId> {
    public static final PackIds EMPTY = new PackIds(ByteString.EMPTY);

    private final ByteString rows;

    /** Ids from a peer, a disk or a builder; IllegalArgumentException unless rows are whole and ascending. */
    public PackIds(ByteString rows) {
        this.rows = rows;
        Terms.require(rows.size() <= Limits.COMMIT_BYTES_MAX, "length of the table of dropped packs");
        Terms.require(rows.size() % PackId.BYTES == 0, "length of the table of dropped packs");
        Rows.requireAscending(rows.asReadOnlyByteBuffer().slice(), PackId.BYTES, "dropped packs");
    }

    /** The table of these ids, in any order. */
    public static PackIds of(Collection<PackId> ids) {
        PackId[] sorted = ids.toArray(new PackId[0]);
        Arrays.sort(sorted);
        ByteBuffer rows = ByteBuffer.allocate(Math.multiplyExact(sorted.length, PackId.BYTES));
        for (PackId id : sorted) {
            id.write(rows);
        }
        return new PackIds(ByteString.copyFrom(rows.flip()));
    }

    public int size() {
        return rows.size() / PackId.BYTES;
    }

    @Override
    public Iterator<PackId> iterator() {
        ByteBuffer left = rows.asReadOnlyByteBuffer().slice();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return left.hasRemaining();
            }

            @Override
            public PackId next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return PackId.read(left);
            }
        };
    }

    /** The rows as they are signed. */
    public ByteString rows() {
        return rows;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PackIds that && rows.equals(that.rows);
    }

    @Override
    public int hashCode() {
        return rows.hashCode();
    }

    @Override
    public String toString() {
        return "PackIds[" + size() + "]";
    }
}
