package sago.common.secret;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/**
 * Randomness that comes from the kernel when it is used, so that a forked or cloned machine does not repeat what a generator in
 * this process would have given next. Any thread.
 */
public final class KernelRandom {
    private KernelRandom() {}

    /** A source that reads /dev/urandom; where the platform has none, the runtime's default. */
    public static SecureRandom create() {
        try {
            return SecureRandom.getInstance("NativePRNGNonBlocking");
        } catch (NoSuchAlgorithmException e) {
            return new SecureRandom();
        }
    }
}
