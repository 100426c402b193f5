package sago.common.id;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** A pack. 16 random bytes, written as 32 hexadecimal digits. */
public record PackId(long high, long low) implements Comparable<PackId> {
    public static final int BYTES = 16;

    /** A fresh id from the given source of randomness. */
    public static PackId random(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return of(bytes);
    }

    /** The id in exactly 16 bytes. */
    public static PackId of(byte[] bytes) {
        Id128.check(bytes.length, "pack id");
        return read(ByteBuffer.wrap(bytes));
    }

    /** Reads 16 bytes and advances the buffer. */
    public static PackId read(ByteBuffer from) {
        return new PackId(from.getLong(), from.getLong());
    }

    /** Parses 32 hexadecimal digits. */
    public static PackId parse(String hex) {
        return of(Id128.bytes(hex));
    }

    /** Writes 16 bytes and advances the buffer. */
    public void write(ByteBuffer to) {
        to.putLong(high).putLong(low);
    }

    public byte[] toBytes() {
        return Id128.bytes(high, low);
    }

    @Override
    public int compareTo(PackId other) {
        return Id128.compare(high, low, other.high, other.low);
    }

    @Override
    public String toString() {
        return Id128.hex(high, low);
    }
}
