package sago.common.net;

import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.internal.tcnative.CertificateVerifier;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import sago.common.id.Hash;
import sago.common.time.Clock;

/**
 * Trust in the other end's certificate: one, self-signed, over an EC key, valid now, and at a client exactly the pinned key. There is no authority and no host
 * name in it. A site hands the key on to the grant check. Immutable.
 */
final class PeerTrust extends X509ExtendedTrustManager {
    private final @Nullable Hash pinnedSpki;
    private final Clock clock;

    private PeerTrust(@Nullable Hash pinnedSpki, Clock clock) {
        this.pinnedSpki = pinnedSpki;
        this.clock = clock;
    }

    static PeerTrust ofPinnedSite(Hash spki, Clock clock) {
        return new PeerTrust(spki, clock);
    }

    /** For the one who knows nothing yet: the caller compares the key with what it learns. */
    static PeerTrust ofAnySite(Clock clock) {
        return new PeerTrust(null, clock);
    }

    static PeerTrust ofAnyClient(Clock clock) {
        return new PeerTrust(null, clock);
    }

    private void check(X509Certificate[] chain, String who) throws CertificateException {
        if (chain.length != 1) {
            throw rejected("the " + who + " shows " + chain.length + " certificates instead of one");
        }
        X509Certificate certificate = chain[0];
        if (pinnedSpki != null && !TlsIdentity.spkiOf(certificate).equals(pinnedSpki)) {
            throw rejected("the site at this address is not the one that was added: its TLS key is another one."
                    + " Check the address; if the site was set up anew, add its new request with 'sago site add'");
        }
        checkValidity(certificate, who);
        if (!(certificate.getPublicKey() instanceof ECPublicKey)) {
            throw rejected("the " + who + "'s certificate has no EC key");
        }
        try {
            certificate.verify(certificate.getPublicKey());
        } catch (GeneralSecurityException forged) {
            throw rejected("the " + who + "'s certificate is not signed by its own key");
        }
    }

    /** With a code, so that the other end is told that its certificate is the reason. */
    private static CertificateException rejected(String message) {
        return new OpenSslCertificateException(message, CertificateVerifier.X509_V_ERR_CERT_REJECTED);
    }

    private void checkValidity(X509Certificate certificate, String who) throws CertificateException {
        Instant now = Instant.ofEpochMilli(clock.wallMs());
        try {
            certificate.checkValidity(Date.from(now));
        } catch (CertificateExpiredException e) {
            CertificateExpiredException told =
                    new CertificateExpiredException("the " + who + "'s TLS identity expired at "
                            + certificate.getNotAfter().toInstant() + "; the " + who + " must renew it");
            told.initCause(e);
            throw told;
        } catch (CertificateNotYetValidException e) {
            CertificateNotYetValidException told = new CertificateNotYetValidException("the " + who
                    + "'s TLS identity begins at " + certificate.getNotBefore().toInstant() + " and here it is " + now
                    + "; set the clocks of both sides right");
            told.initCause(e);
            throw told;
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, "client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, "client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, "client");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, "site");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, "site");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, "site");
    }

    /** No authority is accepted, so none is announced. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
