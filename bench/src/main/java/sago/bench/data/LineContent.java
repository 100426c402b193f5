package sago.bench.data;

/** Content made of pieces that are longer than what is left of a block: keeps what did not fit. Confined to one thread. */
abstract class LineContent implements Content {
    /** More than the longest piece. */
    private static final int PIECE_BYTES_MAX = 4096;

    private final byte[] piece = new byte[PIECE_BYTES_MAX];
    private int pieceAt;
    private int pieceEnd;

    /** Writes one piece to the front of the array and says its length, which is below {@link #PIECE_BYTES_MAX}. */
    abstract int piece(byte[] to);

    @Override
    public final void fill(byte[] block, int length) {
        int at = 0;
        while (at < length) {
            if (pieceAt == pieceEnd) {
                pieceEnd = piece(piece);
                pieceAt = 0;
            }
            int count = Math.min(length - at, pieceEnd - pieceAt);
            System.arraycopy(piece, pieceAt, block, at, count);
            pieceAt += count;
            at += count;
        }
    }

    static int put(byte[] to, int at, byte[] text) {
        System.arraycopy(text, 0, to, at, text.length);
        return at + text.length;
    }

    /** A number with so many digits, zeros in front. */
    static int digits(byte[] to, int at, long number, int count) {
        long rest = number;
        for (int i = at + count - 1; i >= at; i--) {
            to[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return at + count;
    }

    /** A number without zeros in front. */
    static int number(byte[] to, int at, long number) {
        int count = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            count++;
        }
        return digits(to, at, number, count);
    }

    /** The low bits of a value as hexadecimal digits. */
    static int hex(byte[] to, int at, long value, int count) {
        for (int i = 0; i < count; i++) {
            int digit = (int) (value >>> (4 * i)) & 15;
            to[at + i] = (byte) (digit < 10 ? '0' + digit : 'a' + digit - 10);
        }
        return at + count;
    }
}
