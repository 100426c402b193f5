package sago.sender.keys;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.secret.SecretBytes;
import sago.common.sign.Hashes;
import sago.common.sign.WordList;

/**
 * 32 bytes as 24 words of BIP-39: 256 bits, then the first 8 bits of their SHA-256, cut into numbers of 11 bits. Stateless; any thread.
 */
final class Mnemonic {
    static final int WORDS = 24;
    static final int SECRET_BYTES = 32;

    private static final int NEAR_WORDS = 4;

    private Mnemonic() {}

    /** Borrows the secret. */
    static List<String> encode(SecretBytes secret) {
        if (secret.length() != SECRET_BYTES) {
            throw new IllegalArgumentException("a kit is 32 bytes, not " + secret.length());
        }
        byte[] checked = new byte[SECRET_BYTES + 1];
        System.arraycopy(secret.reveal(), 0, checked, 0, SECRET_BYTES);
        checked[SECRET_BYTES] = checksum(secret.reveal());
        List<String> words = new ArrayList<>(WORDS);
        for (int word = 0; word < WORDS; word++) {
            int index = 0;
            for (int bit = word * WordList.BITS_PER_WORD; bit < (word + 1) * WordList.BITS_PER_WORD; bit++) {
                index = index << 1 | (checked[bit >> 3] >> (7 - (bit & 7)) & 1);
            }
            words.add(WordList.english().word(index));
        }
        return words;
    }

    /** The secret of 24 words in one text; WRONG_KEY that says which word is wrong. The caller owns the result. */
    static SecretBytes decode(String text) throws FaultException {
        String[] words = text.strip().toLowerCase(Locale.ROOT).split("\\s+", -1);
        if (words.length != WORDS) {
            throw new FaultException(
                    Fault.WRONG_KEY, "a recovery kit has " + WORDS + " words, these are " + words.length);
        }
        byte[] checked = new byte[SECRET_BYTES + 1];
        for (int word = 0; word < WORDS; word++) {
            int index = WordList.english().indexOf(words[word]);
            if (index < 0) {
                throw unknownWord(word + 1, words[word]);
            }
            for (int i = 0; i < WordList.BITS_PER_WORD; i++) {
                int bit = word * WordList.BITS_PER_WORD + i;
                checked[bit >> 3] |= (byte) ((index >> (WordList.BITS_PER_WORD - 1 - i) & 1) << (7 - (bit & 7)));
            }
        }
        byte[] secret = Arrays.copyOf(checked, SECRET_BYTES);
        byte sum = checked[SECRET_BYTES];
        Arrays.fill(checked, (byte) 0);
        if (sum != checksum(secret)) {
            Arrays.fill(secret, (byte) 0);
            throw new FaultException(
                    Fault.WRONG_KEY,
                    "these words do not belong together: one of them is another word of the list, or their order is wrong."
                            + " Compare them with the kit");
        }
        return SecretBytes.of(secret);
    }

    private static FaultException unknownWord(int position, String word) {
        List<String> near = WordList.english().near(word, NEAR_WORDS);
        return new FaultException(
                Fault.WRONG_KEY,
                "word " + position + " of the kit is not in the list of kit words"
                        + (near.isEmpty() ? "" : "; near to it: " + String.join(", ", near)));
    }

    private static byte checksum(byte[] secret) {
        return (byte) (Hashes.sha256(secret).a() >>> 56);
    }
}
