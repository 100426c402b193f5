package sago.sender.seal;

import java.util.function.Supplier;

/** An implementation of AES-256-GCM that this process may use. Immutable, any thread; each thread takes an {@link Aead} of its own. */
public final class AeadProvider {
    private final String name;
    private final Supplier<Aead> ciphers;

    AeadProvider(String name, Supplier<Aead> ciphers) {
        this.name = name;
        this.ciphers = ciphers;
    }

    /** Name and version, for the log. */
    public String name() {
        return name;
    }

    /** A fresh cipher for one thread. */
    public Aead aead() {
        return ciphers.get();
    }

    @Override
    public String toString() {
        return name;
    }
}
