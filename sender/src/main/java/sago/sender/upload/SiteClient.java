package sago.sender.upload;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongConsumer;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.net.TlsContexts;
import sago.common.net.Transports;
import sago.common.proto.DeliverKeyring;
import sago.common.proto.DeliverSiteGrant;
import sago.common.proto.Hello;
import sago.common.proto.KeyringStored;
import sago.common.proto.Welcome;
import sago.common.protocol.FrameDecoder;
import sago.common.protocol.FrameEncoder;
import sago.common.protocol.FrameType;
import sago.common.protocol.MessageFrame;
import sago.common.protocol.Peer;
import sago.common.protocol.ProtocolVersion;
import sago.common.time.Clock;
import sago.common.trust.NodeIdentities;
import sago.common.trust.SiteIdentity;
import sago.sender.keys.ClientCredential;
import sago.sender.keys.SiteAddress;
import sago.sender.keys.SiteEndpoint;
import sago.sender.keys.StoredKeyring;

/**
 * Makes connections to one site in one role: TLS to the pinned key, HELLO and WELCOME, the pinned identity, and delivery of the site
 * grant and of the newest keyring where the site needs them. Immutable; thread-safe.
 */
public final class SiteClient {
    static final int PROTOCOL = ProtocolVersion.CURRENT;

    /** From the first SYN to the last answer before the connection is used. */
    private static final long READY_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);

    private final SiteAddress address;
    private final Optional<SiteEndpoint> pinned;
    private final boolean delivers;
    private final String label;
    private final ClientCredential credential;
    private final Transports transports;
    private final Clock clock;
    private final SslContext tls;
    private final String software;
    private final Traffic traffic = new Traffic();

    /** @param software name and version, for the other side's log */
    public SiteClient(
            SiteEndpoint endpoint, ClientCredential credential, Transports transports, Clock clock, String software)
            throws FaultException {
        this(new Known(endpoint.address(), Optional.of(endpoint), true), credential, transports, clock, software);
    }

    private SiteClient(Known known, ClientCredential credential, Transports transports, Clock clock, String software)
            throws FaultException {
        this.address = known.address;
        this.pinned = known.pinned;
        this.delivers = known.delivers;
        this.label = "site "
                + pinned.map(endpoint -> endpoint.name() + " (" + address + ")").orElse("at " + address);
        this.credential = credential;
        this.transports = transports;
        this.clock = clock;
        this.software = software;
        this.tls = pinned.isPresent()
                ? TlsContexts.client(credential.tls(), pinned.get().tlsSpki(), clock)
                : TlsContexts.clientOfUnknownSite(credential.tls(), clock);
    }

    /** What is known of a site before it is asked. */
    private record Known(SiteAddress address, Optional<SiteEndpoint> pinned, boolean delivers) {}

    /**
     * A client that knows nothing of the site but where it is, and shows the kit's key. Whoever uses it compares the identity that the site
     * shows, whose TLS key is that of the connection, with the one in the keyring before believing anything else.
     */
    public static SiteClient ofUnknownSite(
            SiteAddress address, ClientCredential kit, Transports transports, Clock clock, String software)
            throws FaultException {
        return new SiteClient(new Known(address, Optional.empty(), false), kit, transports, clock, software);
    }

    /** A client that only asks: it hands over neither grant nor keyring. */
    public static SiteClient asking(
            SiteEndpoint endpoint, ClientCredential kit, Transports transports, Clock clock, String software)
            throws FaultException {
        return new SiteClient(
                new Known(endpoint.address(), Optional.of(endpoint), false), kit, transports, clock, software);
    }

    SiteEndpoint endpoint() {
        return pinned.orElseThrow(() -> new IllegalStateException(label + " is not known yet"));
    }

    /** How messages name the site. */
    String label() {
        return label;
    }

    /** Bytes that went to the site over all connections of this client, TLS included. */
    public long sentBytes() {
        return traffic.sentBytes();
    }

    /** The same of bytes from the site. */
    public long receivedBytes() {
        return traffic.receivedBytes();
    }

    Transports transports() {
        return transports;
    }

    Clock clock() {
        return clock;
    }

    /**
     * Makes a connection and does the next thing with it. That, and everything before it, runs on the connection's event loop, so
     * that no frame arrives in between.
     */
    <T> CompletionStage<T> connect(Function<Ready, CompletionStage<T>> next) {
        return connect(rttNs -> {}, next);
    }

    /** The same; once TCP has reached the site, {@code reached} hears its round trip, 0 where it is unknown. */
    <T> CompletionStage<T> connect(LongConsumer reached, Function<Ready, CompletionStage<T>> next) {
        CompletableFuture<SiteConnection> made = new CompletableFuture<>();
        // Complete before the first byte leaves: whoever completes a stage runs what hangs on it.
        CompletionStage<T> done = made.thenCompose(this::prepare).thenCompose(next);
        transports
                .client()
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        made.complete(pipeline(channel));
                    }
                })
                .connect(address.host(), address.port())
                .addListener((ChannelFuture connected) -> {
                    if (connected.isSuccess()) {
                        reached.accept(Transports.rttNs(connected.channel()));
                    } else {
                        FaultException fault = unreachable(connected.cause());
                        if (!made.completeExceptionally(fault)) {
                            made.join().close(fault);
                        }
                    }
                });
        return done;
    }

    private SiteConnection pipeline(Channel channel) {
        Liveness liveness = new Liveness(clock);
        SiteConnection connection = new SiteConnection(label, clock, liveness, channel);
        channel.pipeline()
                .addLast(transports.tuningOnceBulkBegins())
                .addLast(traffic)
                .addLast(liveness)
                .addLast(tls.newHandler(channel.alloc()))
                .addLast(FrameDecoder.ofSiteFrames())
                .addLast(new FrameEncoder(Peer.CLIENT))
                .addLast(connection);
        return connection;
    }

    private CompletionStage<Ready> prepare(SiteConnection connection) {
        connection.readyWithin(READY_TIMEOUT_NS);
        return connection
                .secured()
                .thenCompose(secured -> ask(connection, hello(), FrameType.WELCOME))
                .thenCompose(frame -> welcome(connection, frame.as(Welcome.class)))
                .whenComplete((ready, e) -> {
                    if (e != null) {
                        connection.close(Faults.of(e));
                    } else {
                        connection.ready();
                    }
                });
    }

    private Hello hello() {
        return Hello.newBuilder()
                .setProtocolMin(PROTOCOL)
                .setProtocolMax(PROTOCOL)
                .setSoftware(software)
                .setVault(pinned.map(
                                endpoint -> ByteString.copyFrom(endpoint.vault().toBytes()))
                        .orElse(ByteString.EMPTY))
                .setRole(credential.role().wireId())
                .setGrant(credential.grantEnvelope())
                .build();
    }

    private CompletionStage<Ready> welcome(SiteConnection connection, Welcome welcome) {
        Ready ready;
        try {
            ready = new Ready(connection, welcome, check(connection, welcome));
        } catch (FaultException e) {
            return CompletableFuture.failedFuture(e);
        }
        if (!delivers) {
            return CompletableFuture.completedFuture(ready);
        }
        CompletionStage<?> granted = CompletableFuture.completedFuture(welcome);
        if (welcome.getNeedsSiteGrant()) {
            granted = deliverGrant(connection);
        }
        return granted.thenCompose(stored -> deliverKeyring(connection, welcome))
                .thenApply(stored -> ready);
    }

    private SiteIdentity check(SiteConnection connection, Welcome welcome) throws FaultException {
        if (welcome.getProtocol() != PROTOCOL) {
            throw new FaultException(
                    Fault.VERSION,
                    label + " speaks protocol " + welcome.getProtocol() + ", this side " + PROTOCOL
                            + ": update the older side");
        }
        SiteIdentity identity;
        boolean fits;
        if (pinned.isPresent()) {
            SiteEndpoint endpoint = pinned.get();
            identity = NodeIdentities.readSite(welcome.getIdentity(), endpoint.fingerprint());
            fits = identity.site().equals(endpoint.site()) && identity.tlsSpki().equals(endpoint.tlsSpki());
        } else {
            identity = NodeIdentities.readSite(welcome.getIdentity());
            SslHandler handler = connection.channel().pipeline().get(SslHandler.class);
            fits = identity.tlsSpki().equals(TlsContexts.peerSpki(handler));
        }
        if (!fits) {
            throw new FaultException(
                    Fault.PEER_REFUSED,
                    label + " shows an identity that does not fit its TLS key: do not use this site before"
                            + " its operator has explained it");
        }
        return identity;
    }

    private CompletionStage<?> deliverGrant(SiteConnection connection) {
        ByteString grant = endpoint().siteGrant();
        if (grant.isEmpty()) {
            return CompletableFuture.failedFuture(new FaultException(
                    Fault.PEER_REFUSED,
                    label + " still needs its grant, which is not here: run a backup to it from home first"));
        }
        return ask(connection, DeliverSiteGrant.newBuilder().setGrant(grant).build(), FrameType.SITE_GRANT_STORED);
    }

    private CompletionStage<?> deliverKeyring(SiteConnection connection, Welcome welcome) {
        StoredKeyring newest = endpoint().keyring();
        if (Long.compareUnsigned(welcome.getKeyringCounter(), newest.counter()) >= 0) {
            return CompletableFuture.completedFuture(welcome);
        }
        return ask(
                        connection,
                        DeliverKeyring.newBuilder()
                                .setKeyring(newest.envelope())
                                .build(),
                        FrameType.KEYRING_STORED)
                .thenCompose(frame -> {
                    long stored = frame.as(KeyringStored.class).getCounter();
                    return stored == newest.counter()
                            ? CompletableFuture.completedFuture(frame)
                            : CompletableFuture.failedFuture(new FaultException(
                                    Fault.PROTOCOL,
                                    label + " stored keyring " + stored + " instead of " + newest.counter()));
                });
    }

    private static CompletableFuture<MessageFrame> ask(
            SiteConnection connection, MessageLite message, FrameType answer) {
        return connection.request(message, Set.of(answer), READY_TIMEOUT_NS);
    }

    private FaultException unreachable(Throwable cause) {
        return new FaultException(
                Fault.SITE_UNREACHABLE,
                label + " cannot be reached: " + reason(cause)
                        + "; is `sago receiver run` running there, and is the address right?",
                cause);
    }

    /** What people call it; the epoll transport reports system calls. */
    private static String reason(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
            return "no such host";
        }
        return message.contains("Connection refused") ? "connection refused" : message;
    }

    /** A connection ready for its first request. */
    record Ready(SiteConnection connection, Welcome welcome, SiteIdentity identity) {}
}
