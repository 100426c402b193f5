package sago.sender.tree;

import com.google.protobuf.ByteString;
import java.util.Arrays;

/** Grows by fields as they stand on the wire. Small code on purpose: it runs for every entry, and a compiler has to work through it before it is fast. Confined to one thread. */
final class WireBytes {
    private static final int VARINT_BITS = 7;
    private static final int VARINT_BYTES_MAX = 10;

    private byte[] bytes = new byte[256];
    private int size;

    void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    byte[] toArray() {
        return Arrays.copyOf(bytes, size);
    }

    private void makeRoom(int length) {
        if (bytes.length - size < length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + length, 2 * bytes.length));
        }
    }

    /** A number without a field. */
    void varint(long number) {
        makeRoom(VARINT_BYTES_MAX);
        long rest = number;
        while ((rest & -1L << VARINT_BITS) != 0) {
            bytes[size++] = (byte) (rest | 1 << VARINT_BITS);
            rest >>>= VARINT_BITS;
        }
        bytes[size++] = (byte) rest;
    }

    /** Length of a number without a field. */
    static int varintBytes(long number) {
        int length = 1;
        for (long rest = number >>> VARINT_BITS; rest != 0; rest >>>= VARINT_BITS) {
            length++;
        }
        return length;
    }

    /** A number without a field, 8 bytes. */
    void fixed64(long number) {
        makeRoom(Long.BYTES);
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            bytes[size++] = (byte) (number >>> shift);
        }
    }

    /** A field that is left out if it is 0. */
    void number(int field, long number) {
        if (number != 0) {
            varint(field << Wire.TYPE_BITS | Wire.VARINT);
            varint(number);
        }
    }

    /** A signed field that is left out if it is 0. */
    void signed(int field, long number) {
        number(field, (number << 1) ^ (number >> (Long.SIZE - 1)));
    }

    /** Begins a field of bytes that follow. */
    void begin(int field, int length) {
        varint(field << Wire.TYPE_BITS | Wire.BYTES);
        varint(length);
    }

    void bytes(int field, byte[] from, int offset, int length) {
        begin(field, length);
        makeRoom(length);
        System.arraycopy(from, offset, bytes, size, length);
        size += length;
    }

    void bytes(int field, ByteString from) {
        begin(field, from.size());
        makeRoom(from.size());
        from.copyTo(bytes, size);
        size += from.size();
    }

    void bytes(int field, WireBytes from) {
        bytes(field, from.bytes, 0, from.size);
    }

    void append(WireBytes from) {
        makeRoom(from.size);
        System.arraycopy(from.bytes, 0, bytes, size, from.size);
        size += from.size;
    }
}
