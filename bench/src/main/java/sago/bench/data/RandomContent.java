package sago.bench.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Bytes that nothing compresses. Confined to one thread. */
final class RandomContent implements Content {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final Draw draw;

    RandomContent(Draw draw) {
        this.draw = draw;
    }

    @Override
    public void fill(byte[] block, int length) {
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            LONG.set(block, at, draw.next());
        }
        for (long rest = draw.next(); at < length; at++, rest >>>= 8) {
            block[at] = (byte) rest;
        }
    }
}
