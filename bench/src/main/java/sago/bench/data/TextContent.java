package sago.bench.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Text like source code, configuration and documentation: words of a large vocabulary, the frequent ones often, and lines that come again with
 * one word changed. LZ4 packs it about 2.3 : 1. Confined to one thread.
 */
final class TextContent extends LineContent {
    private static final int LINES_KEPT = 64;
    private static final byte[] MARKS = " (),;._=:<>\"".getBytes(StandardCharsets.US_ASCII);

    private final byte[][] vocabulary;
    private final Draw draw;
    private final byte[][] kept = new byte[LINES_KEPT][];
    private int lines;

    TextContent(byte[][] vocabulary, Draw draw) {
        this.vocabulary = vocabulary;
        this.draw = draw;
    }

    static byte[][] vocabulary(Draw draw) {
        String[] words = Words.of(draw, 20_000);
        byte[][] vocabulary = new byte[words.length][];
        for (int i = 0; i < words.length; i++) {
            vocabulary[i] = words[i].getBytes(StandardCharsets.US_ASCII);
        }
        return vocabulary;
    }

    @Override
    int piece(byte[] to) {
        int at = 0;
        if (lines > 0 && draw.below(100) < 56) {
            byte[] line = kept[draw.below(Math.min(lines, LINES_KEPT))];
            int cut = draw.below(line.length);
            System.arraycopy(line, 0, to, 0, cut);
            at = put(to, cut, vocabulary[draw.rank(vocabulary.length)]);
        } else {
            for (int indent = draw.below(5); indent > 0; indent--) {
                to[at++] = ' ';
                to[at++] = ' ';
            }
            for (int word = 3 + draw.below(10); word > 0; word--) {
                at = put(to, at, vocabulary[draw.rank(vocabulary.length)]);
                to[at++] = MARKS[draw.rank(MARKS.length)];
            }
        }
        to[at++] = '\n';
        kept[lines++ % LINES_KEPT] = Arrays.copyOf(to, Math.min(at, 1000));
        return Math.min(at, 1000);
    }
}
