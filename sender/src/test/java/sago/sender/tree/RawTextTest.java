package sago.sender.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RawTextTest {
    @Test
    void anyBytesComeBack() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            assertThat(RawText.bytes(RawText.of(bytes))).isEqualTo(bytes);
        }
    }

    @Test
    void whatIsUtf8ReadsAsUsual() {
        String text = "a ä € 𝄞";
        assertThat(RawText.of(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
    }

    @Test
    void halvesOfSurrogatesAndLongFormsAreNoUtf8() {
        byte[][] none = {
            {(byte) 0xed, (byte) 0xb2, (byte) 0x80},
            {(byte) 0xc0, (byte) 0x80},
            {(byte) 0xe0, (byte) 0x80, (byte) 0x80},
            {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
            {(byte) 0xe2, (byte) 0x82}
        };
        for (byte[] bytes : none) {
            assertThat(RawText.of(bytes)).hasSize(bytes.length);
            assertThat(RawText.bytes(RawText.of(bytes))).isEqualTo(bytes);
        }
    }
}
