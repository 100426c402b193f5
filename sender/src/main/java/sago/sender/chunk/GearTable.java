package sago.sender.chunk;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import sago.common.secret.Hkdf;
import sago.common.secret.SecretBytes;

/**
 * The 256 random words of a gear hash, derived from a dataset's gear key: HKDF-Expand-SHA-256(key, "sago/v1/gear", 2048), as
 * 64-bit big-endian integers. Whoever lacks the key cannot tell where files are cut. Immutable.
 */
public final class GearTable {
    static final int WORDS = 256;
    private static final byte[] INFO = "sago/v1/gear".getBytes(StandardCharsets.US_ASCII);

    private final long[] words;

    private GearTable(long[] words) {
        this.words = words;
    }

    /** Borrows the key. */
    public static GearTable derive(SecretBytes gearKey) {
        byte[] derived = Hkdf.expandSha256(gearKey.reveal(), INFO, WORDS * Long.BYTES);
        long[] words = new long[WORDS];
        ByteBuffer.wrap(derived).asLongBuffer().get(words);
        Arrays.fill(derived, (byte) 0);
        return new GearTable(words);
    }

    long word(int index) {
        return words[index];
    }

    /** A copy whose words are all shifted left. */
    long[] shifted(int bits) {
        long[] shifted = new long[WORDS];
        for (int i = 0; i < WORDS; i++) {
            shifted[i] = words[i] << bits;
        }
        return shifted;
    }

    @Override
    public String toString() {
        return "GearTable";
    }
}
