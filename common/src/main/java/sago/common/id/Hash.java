package sago.common.id;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** A SHA-256 value: Merkle root, manifest hash, fingerprint or chain hash. Immutable. */
public record Hash(long a, long b, long c, long d) implements Comparable<Hash> {
    public static final int BYTES = 32;

    /** 32 zeros: "nothing before". */
    public static final Hash ZERO = new Hash(0, 0, 0, 0);

    /** The hash in exactly 32 bytes. */
    public static Hash of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("hash is not 32 bytes: " + bytes.length);
        }
        return read(ByteBuffer.wrap(bytes));
    }

    /** Reads 32 bytes and advances the buffer. */
    public static Hash read(ByteBuffer from) {
        return new Hash(from.getLong(), from.getLong(), from.getLong(), from.getLong());
    }

    /** Writes 32 bytes and advances the buffer. */
    public void write(ByteBuffer to) {
        to.putLong(a).putLong(b).putLong(c).putLong(d);
    }

    public byte[] toBytes() {
        ByteBuffer buffer = ByteBuffer.allocate(BYTES);
        write(buffer);
        return buffer.array();
    }

    /** As unsigned bytes. */
    @Override
    public int compareTo(Hash other) {
        int order = Long.compareUnsigned(a, other.a);
        if (order == 0) {
            order = Long.compareUnsigned(b, other.b);
        }
        if (order == 0) {
            order = Long.compareUnsigned(c, other.c);
        }
        return order == 0 ? Long.compareUnsigned(d, other.d) : order;
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(toBytes());
    }
}
