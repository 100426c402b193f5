package sago.sender.compress;

import com.github.luben.zstd.util.Native;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/**
 * Whether this machine can run zstd, whose code is native: not with every C library and processor. It is loaded when it is first asked for,
 * so that a home that never meets zstd never does. Any thread.
 */
public final class ZstdLibrary {
    private ZstdLibrary() {}

    /** Why it cannot be used here, or null if it can. */
    public static @Nullable String trouble() {
        return Loaded.TROUBLE;
    }

    static void require(String what) throws FaultException {
        String trouble = trouble();
        if (trouble != null) {
            throw new FaultException(
                    Fault.VERSION, what + ", and zstd cannot be loaded on this machine: " + trouble + "; use another");
        }
    }

    /** Initialised by the first question. */
    private static final class Loaded {
        static final @Nullable String TROUBLE = load();

        private Loaded() {}

        private static @Nullable String load() {
            try {
                Native.load();
                return null;
            } catch (LinkageError e) {
                // The library's own message has a paragraph for those who build it: its first line says what happened.
                return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
            }
        }
    }
}
