package sago.sender.pack;

import java.nio.ByteBuffer;

/** Keyed hash of a chunk, 32 bytes. Exists only at home and inside sealed bytes. */
public record ChunkId(long a, long b, long c, long d) {
    public static final int BYTES = 32;

    public static ChunkId read(ByteBuffer from) {
        return new ChunkId(from.getLong(), from.getLong(), from.getLong(), from.getLong());
    }

    public static ChunkId of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("chunk id is not 32 bytes: " + bytes.length);
        }
        return read(ByteBuffer.wrap(bytes));
    }

    public void write(ByteBuffer to) {
        to.putLong(a).putLong(b).putLong(c).putLong(d);
    }

    public byte[] toBytes() {
        ByteBuffer buffer = ByteBuffer.allocate(BYTES);
        write(buffer);
        return buffer.array();
    }

    /** First 8 bytes: what references carry to tell a wrong record. */
    public long check() {
        return a;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(a);
    }
}
