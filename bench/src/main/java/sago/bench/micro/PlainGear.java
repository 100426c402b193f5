package sago.bench.micro;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import sago.common.secret.Hkdf;
import sago.common.secret.SecretBytes;
import sago.sender.chunk.Chunker;
import sago.sender.chunk.ChunkerParameters;

/** The cut points of FastCDC as its paper has them, a byte for each step: what the sender's way is measured against. Immutable. */
final class PlainGear implements Chunker {
    private static final int WORDS = 256;
    private static final int NORMALISATION = 2;
    private static final int TOP_BIT = 62;

    private final ChunkerParameters parameters;
    private final long[] gear = new long[WORDS];
    private final long strictMask;
    private final long looseMask;

    PlainGear(SecretBytes gearKey, ChunkerParameters parameters) {
        this.parameters = parameters;
        byte[] info = "sago/v1/gear".getBytes(StandardCharsets.US_ASCII);
        ByteBuffer.wrap(Hkdf.expandSha256(gearKey.reveal(), info, WORDS * Long.BYTES))
                .asLongBuffer()
                .get(gear);
        int bits = Integer.numberOfTrailingZeros(parameters.avgBytes());
        strictMask = mask(bits + NORMALISATION);
        looseMask = mask(bits - NORMALISATION);
    }

    private static long mask(int bits) {
        return ((1L << bits) - 1) << (TOP_BIT + 1 - bits);
    }

    @Override
    public int maxBytes() {
        return parameters.maxBytes();
    }

    @Override
    public int cut(byte[] bytes, int offset, int length) {
        int end = Math.min(length, parameters.maxBytes());
        long hash = 0;
        for (int at = parameters.minBytes(); at < end; at++) {
            hash = (hash << 1) + gear[bytes[offset + at] & 0xff];
            if ((hash & (at < parameters.avgBytes() ? strictMask : looseMask)) == 0) {
                return at + 1;
            }
        }
        return end;
    }
}
