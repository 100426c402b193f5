package sago.sender.seal;

import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;

/** Randomness that a vector prescribes: gives these bytes once, then fails. Single thread. */
final class FixedRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final byte[] bytes;
    private int used;

    FixedRandom(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        this.bytes = joined.toByteArray();
    }

    @Override
    public void nextBytes(byte[] target) {
        if (target.length > bytes.length - used) {
            throw new IllegalStateException("more randomness was taken than the vector has");
        }
        System.arraycopy(bytes, used, target, 0, target.length);
        used += target.length;
    }
}
