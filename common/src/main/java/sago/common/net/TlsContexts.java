package sago.common.net;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.time.Clock;

/**
 * TLS contexts of both ends: BoringSSL, TLS 1.3 only, mutual, X25519MLKEM768 before X25519, ALPN {@code sago/1}, no session tickets, no
 * resumption, no early data. Contexts are immutable and shared by all connections.
 */
public final class TlsContexts {
    /** The application protocol that both ends must have agreed on. */
    public static final String ALPN = "sago/1";

    private static final String[] GROUPS = {"X25519MLKEM768", "X25519"};

    private TlsContexts() {}

    /** The context of a client that accepts exactly one site: the one with this key. */
    public static SslContext client(TlsIdentity self, Hash pinnedSpki, Clock clock) throws FaultException {
        checkOwn(self, clock, "this client's TLS identity");
        return build(SslContextBuilder.forClient()
                .keyManager(self.privateKey(), self.certificate())
                .trustManager(PeerTrust.ofPinnedSite(pinnedSpki, clock))
                // The pin stands for the host name, which may be any.
                .endpointIdentificationAlgorithm(null));
    }

    /**
     * The context of a client that knows no site yet, as in recovery from the kit: it proves nothing about the other end until {@link #peerSpki}
     * was compared with a pin that was learned meanwhile, and nothing secret may be sent before.
     */
    public static SslContext clientOfUnknownSite(TlsIdentity self, Clock clock) throws FaultException {
        checkOwn(self, clock, "this client's TLS identity");
        return build(SslContextBuilder.forClient()
                .keyManager(self.privateKey(), self.certificate())
                .trustManager(PeerTrust.ofAnySite(clock))
                .endpointIdentificationAlgorithm(null));
    }

    /** The context of a site, which accepts any client that proves its key; grants are judged afterwards. */
    public static SslContext server(TlsIdentity self, Clock clock) throws FaultException {
        checkOwn(self, clock, "this site's TLS identity");
        return build(SslContextBuilder.forServer(self.privateKey(), self.certificate())
                .trustManager(PeerTrust.ofAnyClient(clock))
                .endpointIdentificationAlgorithm(null)
                .clientAuth(ClientAuth.REQUIRE));
    }

    /** The key hash of the other end, once the handshake is complete; checks that it speaks our protocol. */
    public static Hash peerSpki(SslHandler handler) throws FaultException {
        if (!ALPN.equals(handler.applicationProtocol())) {
            throw new FaultException(Fault.PROTOCOL, "the peer does not speak " + ALPN);
        }
        try {
            Certificate[] chain = handler.engine().getSession().getPeerCertificates();
            return TlsIdentity.spkiOf((X509Certificate) chain[0]);
        } catch (SSLPeerUnverifiedException e) {
            throw new FaultException(Fault.PEER_REFUSED, "the peer showed no certificate", e);
        }
    }

    private static SslContext build(SslContextBuilder builder) throws FaultException {
        if (!OpenSsl.isAvailable()) {
            throw new FaultException(
                    Fault.FATAL,
                    "the TLS library does not load on this machine (Linux on x86-64 or aarch64 with glibc is needed): "
                            + OpenSsl.unavailabilityCause(),
                    OpenSsl.unavailabilityCause());
        }
        try {
            return builder.sslProvider(SslProvider.OPENSSL)
                    .protocols("TLSv1.3")
                    // It lives in memory for a moment: the usual one derives keys by 40,000 hashes to protect it from
                    // nobody.
                    .keyStoreType("JKS")
                    .option(OpenSslContextOption.GROUPS, GROUPS)
                    .sessionCacheSize(1)
                    .sessionTimeout(1)
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            ApplicationProtocolConfig.Protocol.ALPN,
                            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                            ALPN))
                    .build();
        } catch (SSLException e) {
            throw new FaultException(Fault.FATAL, "TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    private static void checkOwn(TlsIdentity self, Clock clock, String what) throws FaultException {
        long now = clock.wallMs() / 1000;
        if (now > self.notAfter()) {
            throw new FaultException(
                    Fault.PEER_REFUSED,
                    what + " expired at " + Instant.ofEpochSecond(self.notAfter()) + "; renew it here");
        }
    }
}
