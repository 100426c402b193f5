package sago.bench.data;

import java.util.Arrays;

/**
 * Bytes like those of programs and libraries: short instructions of which few are frequent, operands that vary, tables that count up, and runs of
 * zeros. LZ4 packs it about 2 : 1. Confined to one thread.
 */
final class BinaryContent extends LineContent {
    private static final int INSTRUCTIONS = 1024;

    /** What is the same in all files of one data set. */
    static final class Instructions {
        private final byte[][] frequentFirst = new byte[INSTRUCTIONS][];

        Instructions(Draw draw) {
            for (int i = 0; i < INSTRUCTIONS; i++) {
                frequentFirst[i] = new byte[3 + draw.below(12)];
                for (int b = 0; b < frequentFirst[i].length; b++) {
                    frequentFirst[i][b] = (byte) draw.rank(256);
                }
            }
        }
    }

    private final Instructions instructions;
    private final Draw draw;
    private int counter;

    BinaryContent(Instructions instructions, Draw draw) {
        this.instructions = instructions;
        this.draw = draw;
    }

    @Override
    int piece(byte[] to) {
        int at = 0;
        int kind = draw.below(100);
        if (kind < 20) {
            int count = 16 + draw.below(200);
            Arrays.fill(to, 0, count, (byte) 0);
            return count;
        }
        if (kind < 45) {
            for (int row = 4 + draw.below(12); row > 0; row--) {
                counter += 1 + draw.below(64);
                to[at] = (byte) counter;
                to[at + 1] = (byte) (counter >>> 8);
                to[at + 2] = (byte) (counter >>> 16);
                to[at + 3] = 0;
                to[at + 4] = (byte) draw.rank(256);
                to[at + 5] = 0;
                to[at + 6] = 0;
                to[at + 7] = 0;
                at += 8;
            }
            return at;
        }
        for (int i = 8 + draw.below(40); i > 0; i--) {
            at = put(to, at, instructions.frequentFirst[draw.rank(INSTRUCTIONS)]);
            if (draw.below(8) == 0) {
                to[at++] = (byte) draw.next();
                to[at++] = (byte) draw.rank(256);
            }
        }
        return at;
    }
}
