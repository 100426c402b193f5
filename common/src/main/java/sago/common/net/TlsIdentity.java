package sago.common.net;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcECContentSignerBuilder;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.time.Clock;

/**
 * The TLS key of a node or client: a P-256 key and a self-signed certificate of ten years. Nobody reads names out of the certificate: peers pin,
 * or are granted, the SHA-256 of its SubjectPublicKeyInfo. Immutable.
 */
public final class TlsIdentity {
    private static final long YEAR_SECONDS = 31_556_952L;
    private static final long LIFETIME_SECONDS = 10 * YEAR_SECONDS;

    /** Long enough that a node that is started every other month never shows a certificate that has ended. */
    private static final long RENEW_BEFORE_SECONDS = 60 * 86_400L;

    /** Peers whose clock is a day behind accept a new certificate too. */
    private static final long BACKDATE_SECONDS = 86_400;

    private static final String SEED_LABEL = "sago/v1/tls-p256";

    private final PrivateKey privateKey;
    private final X509Certificate certificate;

    private TlsIdentity(PrivateKey privateKey, X509Certificate certificate) {
        this.privateKey = privateKey;
        this.certificate = certificate;
    }

    /** A fresh key, certified for ten years from now. */
    public static TlsIdentity generate(String name, SecureRandom random, Clock clock) {
        byte[] seed = new byte[32];
        random.nextBytes(seed);
        return ofSeed(seed, name, random, clock);
    }

    /**
     * The key that a 32-byte seed determines, as the recovery kit needs it: the private scalar is SHA-512 over a label and the seed, reduced to
     * 1 … n-1. The certificate around it is made anew and certified for ten years from now; only its key is pinned. Borrows the seed.
     */
    public static TlsIdentity ofSeed(byte[] seed, String name, SecureRandom random, Clock clock) {
        if (seed.length != 32) {
            throw new IllegalArgumentException("TLS seed is not 32 bytes: " + seed.length);
        }
        try {
            ECDomainParameters curve = p256();
            BigInteger scalar = scalar(seed, curve.getN());
            ECPrivateKeyParameters secret = new ECPrivateKeyParameters(scalar, curve);
            ECPublicKeyParameters open =
                    new ECPublicKeyParameters(new FixedPointCombMultiplier().multiply(curve.getG(), scalar), curve);
            byte[] pkcs8 = PrivateKeyInfoFactory.createPrivateKeyInfo(secret).getEncoded();
            X500Name subject = new X500NameBuilder(BCStyle.INSTANCE)
                    .addRDN(BCStyle.CN, name)
                    .build();
            SubjectPublicKeyInfo spki = SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(open);
            return of(pkcs8, certify(subject, secret, spki, random, clock));
        } catch (IOException | OperatorCreationException e) { // FaultException too: our own bytes are sound
            throw new IllegalStateException("a TLS identity could not be made", e);
        }
    }

    /** An identity that was stored: PKCS #8 and DER certificate. Borrows both. */
    public static TlsIdentity of(byte[] pkcs8, byte[] certificateDer) throws FaultException {
        try {
            PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            return new TlsIdentity(key, (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(certificateDer)));
        } catch (GeneralSecurityException e) {
            throw new FaultException(Fault.INTEGRITY, "the stored TLS identity is damaged; restore it from a copy", e);
        }
    }

    /**
     * The same key with a certificate of ten years from now, signed by that key: whoever pinned the key goes on without noticing. It
     * keeps the name of the old one.
     */
    public TlsIdentity renewed(SecureRandom random, Clock clock) {
        try {
            ECPrivateKeyParameters secret = (ECPrivateKeyParameters) PrivateKeyFactory.createKey(pkcs8());
            X500Name name =
                    X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
            SubjectPublicKeyInfo spki =
                    SubjectPublicKeyInfo.getInstance(certificate.getPublicKey().getEncoded());
            return of(pkcs8(), certify(name, secret, spki, random, clock));
        } catch (IOException | OperatorCreationException e) { // FaultException too: our own bytes are sound
            throw new IllegalStateException("a TLS certificate could not be renewed", e);
        }
    }

    /** Whether the certificate ends so soon that it is renewed now: within 60 days. */
    public boolean endsSoon(Clock clock) {
        return notAfter() - clock.wallMs() / 1000 < RENEW_BEFORE_SECONDS;
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public PrivateKey privateKey() {
        return privateKey;
    }

    /** The private key as it is stored; the caller keeps it secret. */
    public byte[] pkcs8() {
        return privateKey.getEncoded();
    }

    /** The certificate as it is stored. */
    public byte[] certificateDer() {
        try {
            return certificate.getEncoded();
        } catch (CertificateException e) {
            throw new IllegalStateException("a parsed certificate has no encoding", e);
        }
    }

    /** SHA-256 of the SubjectPublicKeyInfo: what peers pin and grants name. */
    public Hash spki() {
        return spkiOf(certificate);
    }

    /** SHA-256 of a certificate's SubjectPublicKeyInfo. */
    public static Hash spkiOf(X509Certificate certificate) {
        return Hash.of(sha("SHA-256").digest(certificate.getPublicKey().getEncoded()));
    }

    /** End of the certificate, in seconds since the epoch. */
    public long notAfter() {
        return certificate.getNotAfter().toInstant().getEpochSecond();
    }

    /** Shows neither key nor certificate. */
    @Override
    public String toString() {
        return "TlsIdentity[" + spki() + "]";
    }

    private static byte[] certify(
            X500Name subject,
            ECPrivateKeyParameters secret,
            SubjectPublicKeyInfo spki,
            SecureRandom random,
            Clock clock)
            throws IOException, OperatorCreationException {
        Instant now = Instant.ofEpochMilli(clock.wallMs());
        X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                subject,
                new BigInteger(127, random).add(BigInteger.ONE),
                Date.from(now.minusSeconds(BACKDATE_SECONDS)),
                Date.from(now.plusSeconds(LIFETIME_SECONDS)),
                subject,
                spki);
        AlgorithmIdentifier signature = new DefaultSignatureAlgorithmIdentifierFinder().find("SHA256WITHECDSA");
        AlgorithmIdentifier digest = new DefaultDigestAlgorithmIdentifierFinder().find(signature);
        return builder.build(new BcECContentSignerBuilder(signature, digest)
                        .setSecureRandom(random)
                        .build(secret))
                .getEncoded();
    }

    private static ECDomainParameters p256() {
        X9ECParameters curve = CustomNamedCurves.getByOID(SECObjectIdentifiers.secp256r1);
        return new ECNamedDomainParameters(SECObjectIdentifiers.secp256r1, curve);
    }

    private static BigInteger scalar(byte[] seed, BigInteger order) {
        MessageDigest digest = sha("SHA-512");
        digest.update(SEED_LABEL.getBytes(StandardCharsets.US_ASCII));
        BigInteger wide = new BigInteger(1, digest.digest(seed));
        return wide.mod(order.subtract(BigInteger.ONE)).add(BigInteger.ONE);
    }

    private static MessageDigest sha(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + name, e);
        }
    }
}
