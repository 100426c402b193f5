package sago.common.sign;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sago.common.id.Hash;

final class WordListTest {
    private final WordList list = WordList.english();

    @Test
    void isThePublishedListByteForByte() throws IOException {
        try (InputStream in = Objects.requireNonNull(WordList.class.getResourceAsStream(WordList.RESOURCE))) {
            assertThat(Hashes.sha256(ByteString.readFrom(in)))
                    .hasToString("2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda");
        }
    }

    @Test
    void findsEveryWordAtItsIndex() {
        Set<String> beginnings = new HashSet<>();
        for (int i = 0; i < WordList.WORDS; i++) {
            String word = list.word(i);
            assertThat(list.indexOf(word)).isEqualTo(i);
            beginnings.add(word.substring(0, Math.min(4, word.length())));
        }
        assertThat(beginnings).hasSize(WordList.WORDS);
        assertThat(list.word(0)).isEqualTo("abandon");
        assertThat(list.word(2047)).isEqualTo("zoo");
    }

    @Test
    void knowsNoOtherWord() {
        assertThat(list.indexOf("")).isEqualTo(-1);
        assertThat(list.indexOf("Abandon")).isEqualTo(-1);
        assertThat(list.indexOf("aband")).isEqualTo(-1);
    }

    @Test
    void namesNearWordsNearestFirst() {
        assertThat(list.near("abandn", 3)).first().isEqualTo("abandon");
        assertThat(list.near("zooo", 1)).containsExactly("zoo");
        assertThat(list.near("qqqqqqqqqq", 3)).isEmpty();
        assertThat(list.near("x".repeat(100_000), 3)).isEmpty();
    }

    @Test
    void showsAFingerprintAsItsFirst44Bits() {
        assertThat(Fingerprint.words(Hash.ZERO)).isEqualTo("abandon-abandon-abandon-abandon");
        assertThat(Fingerprint.words(new Hash(-1, 0, 0, 0))).isEqualTo("zoo-zoo-zoo-zoo");
        // 00000000001 00000000010 00000000011 00000000100, then bits that are not shown
        long bits = (1L << 53) | (2L << 42) | (3L << 31) | (4L << 20) | 0xfffff;
        assertThat(Fingerprint.words(new Hash(bits, -1, -1, -1))).isEqualTo("ability-able-about-above");
    }
}
