package sago.bench.micro;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.Locale;
import javax.crypto.Cipher;
import org.conscrypt.Conscrypt;
import sago.sender.seal.AeadProvider;
import sago.sender.seal.AeadProviders;

/** Providers of AES-256-GCM by their short names. */
final class Ciphers {
    private static final String CONSCRYPT = "conscrypt";

    private Ciphers() {}

    /** Those that this machine has. */
    static List<String> names() {
        return AeadProviders.available().stream()
                .map(provider -> shortName(provider))
                .toList();
    }

    static AeadProvider provider(String name) {
        return AeadProviders.available().stream()
                .filter(provider -> shortName(provider).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(name + " is not to be had on this machine"));
    }

    /** The same provider as the JDK's users see it. */
    static Cipher cipher(String name) {
        Provider provider = name.equals(CONSCRYPT) ? Conscrypt.newProvider() : Security.getProvider("SunJCE");
        try {
            return Cipher.getInstance("AES/GCM/NoPadding", provider);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no AES-GCM from " + name, e);
        }
    }

    private static String shortName(AeadProvider provider) {
        String name = provider.name().toLowerCase(Locale.ROOT);
        return name.substring(0, name.indexOf(' '));
    }
}
