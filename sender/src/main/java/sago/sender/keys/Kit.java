package sago.sender.keys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.List;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.id.VaultId;
import sago.common.net.TlsIdentity;
import sago.common.secret.Hkdf;
import sago.common.secret.Hmac;
import sago.common.secret.SecretBytes;
import sago.common.time.Clock;
import sago.common.trust.HomeIdentity;
import sago.sender.seal.KemKeyPair;

/**
 * The recovery kit: one secret of 32 bytes that people keep on paper, as 24 words. With it and any one site, everything comes back. What it is
 * used for is derived by HKDF-SHA256 under a label each, so that no use tells anything about another:
 *
 * <pre>
 * "sago/v1/kit/x-wing"     seed of the key pair to which keyrings and the vault's kit slot are sealed
 * "sago/v1/kit/anchor"     key of the anchor, by which a true keyring is told from one that a site made up
 * "sago/v1/kit/tls-client" seed of a TLS client key that is enrolled at every site in role restore
 * </pre>
 *
 * Closing zeroes it. Confined to one thread.
 */
public final class Kit implements AutoCloseable {
    private static final int KEY_BYTES = 32;
    private static final byte[] NO_SALT = {};

    private final SecretBytes secret;

    private Kit(SecretBytes secret) {
        this.secret = secret;
    }

    /** A fresh kit. Show it to its keeper before a vault is made with it: then no crash can leave a vault whose kit nobody saw. */
    public static Kit generate(SecureRandom random) {
        return new Kit(SecretBytes.random(Mnemonic.SECRET_BYTES, random));
    }

    /** The kit of 24 words, whatever their case and spacing; WRONG_KEY that says which word is wrong. */
    public static Kit ofWords(String words) throws FaultException {
        return new Kit(Mnemonic.decode(words));
    }

    /** The 24 words: a secret, for showing once. */
    public List<String> words() {
        return Mnemonic.encode(secret);
    }

    /** The caller closes it. */
    KemKeyPair keyPair() {
        return KemKeyPair.ofSeed(derive("x-wing"));
    }

    /** TLS client identity that every site lets restore without a grant. */
    public TlsIdentity tlsIdentity(SecureRandom random, Clock clock) {
        try (SecretBytes seed = derive("tls-client")) {
            return TlsIdentity.ofSeed(seed.reveal(), "sago kit", random, clock);
        }
    }

    /** HMAC-SHA-256 under the anchor key over {@code "sago/v1/anchor" 0x00, vault 16, kit version 4, home identity}. */
    Hash anchor(VaultId vault, int kitVersion, HomeIdentity home) {
        byte[] label = "sago/v1/anchor\0".getBytes(StandardCharsets.US_ASCII);
        byte[] input = ByteBuffer.allocate(label.length
                        + VaultId.BYTES
                        + Integer.BYTES
                        + home.bytes().size())
                .put(label)
                .put(vault.toBytes())
                .putInt(kitVersion)
                .put(home.bytes().asReadOnlyByteBuffer())
                .array();
        try (SecretBytes key = derive("anchor")) {
            return Hash.of(Hmac.sha256(key, input));
        }
    }

    /** Whether an anchor was made with this kit, compared in constant time. */
    boolean made(Hash anchor, VaultId vault, int kitVersion, HomeIdentity home) {
        return MessageDigest.isEqual(
                anchor.toBytes(), anchor(vault, kitVersion, home).toBytes());
    }

    private SecretBytes derive(String use) {
        byte[] info = ("sago/v1/kit/" + use).getBytes(StandardCharsets.US_ASCII);
        return SecretBytes.of(Hkdf.sha256(NO_SALT, secret.reveal(), info, KEY_BYTES));
    }

    @Override
    public void close() {
        secret.close();
    }

    @Override
    public String toString() {
        return "Kit[hidden]";
    }
}
