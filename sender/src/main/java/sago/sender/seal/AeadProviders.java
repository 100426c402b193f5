package sago.sender.seal;

import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the provider of AES-256-GCM: Conscrypt, which seals about twice as fast over direct buffers, or the JDK's SunJCE where Conscrypt has
 * no library for the platform or fails its known-answer test. Any thread.
 */
public final class AeadProviders {
    private static final Logger LOG = LoggerFactory.getLogger(AeadProviders.class);

    private AeadProviders() {}

    /** Tests and chooses at the first call, and logs the choice; then gives the same one. */
    public static AeadProvider choose() {
        return Chosen.PROVIDER;
    }

    /** The same, but chosen when it first seals or opens: what seals nothing does not pay for the test. */
    public static AeadProvider whenNeeded() {
        return new AeadProvider("chosen when needed", () -> choose().aead());
    }

    /** The first that passes the known-answer test. */
    static AeadProvider choose(List<AeadProvider> candidates) {
        for (AeadProvider candidate : candidates) {
            try {
                AeadSelfTest.run(candidate);
            } catch (IllegalStateException e) {
                LOG.error("AES-256-GCM of {} is not used: {}", candidate, e.getMessage(), e);
                continue;
            }
            LOG.info("AES-256-GCM by {}", candidate);
            return candidate;
        }
        throw new IllegalStateException("no AES-256-GCM passes its known-answer test on this Java runtime");
    }

    /** All that this platform has, best first, untested: {@link #choose()} is for whoever seals, this for whoever compares them. */
    public static List<AeadProvider> available() {
        List<AeadProvider> providers = new ArrayList<>();
        Provider conscrypt = conscrypt();
        if (conscrypt != null) {
            providers.add(of(conscrypt));
        }
        Provider sunJce = Security.getProvider("SunJCE");
        if (sunJce != null) {
            providers.add(of(sunJce));
        }
        return providers;
    }

    private static AeadProvider of(Provider provider) {
        return new AeadProvider(provider.getName() + " " + provider.getVersionStr(), () -> new JceAead(provider));
    }

    private static @Nullable Provider conscrypt() {
        try {
            return Conscrypt.newProvider();
        } catch (LinkageError e) {
            LOG.warn("Conscrypt has no library for this platform: {}", e.toString());
            return null;
        }
    }

    /** Chosen when first asked for: the test takes up to half a second, and commands that seal nothing skip it. */
    private static final class Chosen {
        static final AeadProvider PROVIDER = choose(available());
    }
}
