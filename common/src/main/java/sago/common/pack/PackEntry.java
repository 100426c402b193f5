package sago.common.pack;

import java.nio.ByteBuffer;
import sago.common.id.Hash;
import sago.common.id.PackId;

/**
 * A pack as manifests and receipts name it; 56 bytes: id 16, length u64, Merkle root 32. Immutable.
 */
public record PackEntry(PackId id, long length, Hash root) {
    public static final int BYTES = 56;

    public PackEntry {
        if (length <= 0) {
            throw new IllegalArgumentException("pack length: " + length);
        }
    }

    public void write(ByteBuffer to) {
        id.write(to);
        to.putLong(length);
        root.write(to);
    }

    public byte[] toBytes() {
        ByteBuffer buffer = ByteBuffer.allocate(BYTES);
        write(buffer);
        return buffer.array();
    }

    public static PackEntry read(ByteBuffer from) {
        PackId id = PackId.read(from);
        long length = from.getLong();
        return new PackEntry(id, length, Hash.read(from));
    }
}
