package sago.common.id;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** What all 128-bit ids share. */
final class Id128 {
    private static final HexFormat HEX = HexFormat.of();

    private Id128() {}

    static void check(int length, String what) {
        if (length != 16) {
            throw new IllegalArgumentException(what + " is not 16 bytes: " + length);
        }
    }

    static byte[] bytes(String hex) {
        return HEX.parseHex(hex);
    }

    static byte[] bytes(long high, long low) {
        return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    }

    static int compare(long high, long low, long otherHigh, long otherLow) {
        int order = Long.compareUnsigned(high, otherHigh);
        return order != 0 ? order : Long.compareUnsigned(low, otherLow);
    }

    static String hex(long high, long low) {
        return HEX.toHexDigits(high) + HEX.toHexDigits(low);
    }
}
