package sago.common.sign;

import java.util.StringJoiner;
import sago.common.id.Hash;

/**
 * A SHA-256 as people compare it: its first 44 bits as four words. Both sides show the same words before they trust each
 * other; the machines compare all 256 bits. Stateless; any thread.
 */
public final class Fingerprint {
    private static final int WORDS = 4;

    private Fingerprint() {}

    /** Four words joined by hyphens. */
    public static String words(Hash hash) {
        StringJoiner words = new StringJoiner("-");
        for (int i = 0; i < WORDS; i++) {
            int shift = Long.SIZE - (i + 1) * WordList.BITS_PER_WORD;
            words.add(WordList.english().word((int) (hash.a() >>> shift) & (WordList.WORDS - 1)));
        }
        return words.toString();
    }
}
