package sago.sender.seal;

import java.security.GeneralSecurityException;
import java.security.Provider;

/** An implementation of AES-256-GCM that this process may use. Immutable, any thread; each thread takes an {@link Aead} of its own. */
public final class AeadProvider {
    private final Provider provider;

    AeadProvider(Provider provider) {
        this.provider = provider;
    }

    /** Name and version, for the log. */
    public String name() {
        return provider.getName() + " " + provider.getVersionStr();
    }

    /** A fresh cipher for one thread. */
    public Aead aead() {
        try {
            return new JceAead(provider);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is not to be had from " + name(), e);
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
