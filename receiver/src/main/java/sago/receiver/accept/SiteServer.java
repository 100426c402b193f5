package sago.receiver.accept;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.SessionId;
import sago.common.limits.Limits;
import sago.common.metrics.Meters;
import sago.common.net.TlsContexts;
import sago.common.net.TlsIdentity;
import sago.common.net.Transports;
import sago.common.proto.ReceiptIssued;
import sago.common.protocol.FrameDecoder;
import sago.common.protocol.FrameEncoder;
import sago.common.protocol.Peer;
import sago.common.time.Clock;
import sago.common.trust.SiteIdentity;
import sago.receiver.acknowledge.IssuedReceipt;
import sago.receiver.acknowledge.ReceiptListener;
import sago.receiver.acknowledge.ReceiptSigner;
import sago.receiver.serve.AuditDesk;
import sago.receiver.serve.CatalogDesk;
import sago.receiver.serve.OrderDesk;
import sago.receiver.serve.ReadBudget;
import sago.receiver.store.SiteStore;

/** Listens for clients and serves them until it is closed. Opening and closing is for one thread. */
public final class SiteServer implements ReceiptListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SiteServer.class);
    private static final long SPACE_CHECK_MS = 1_000;

    /** What a session without connections left incomplete is kept so long for its sender to come back. */
    private static final long SESSION_IDLE_NS = TimeUnit.HOURS.toNanos(1);

    private static final long DRAIN_SECONDS = 7;

    /** For all connections together to tell their clients that the site stops. */
    private static final long FAREWELL_MS = 2_000;

    private final SiteServices services;
    private final ThreadPoolExecutor storeThreads;
    private final ScheduledExecutorService watch;
    private final Channel listening;

    private SiteServer(
            SiteServices services, ThreadPoolExecutor storeThreads, ScheduledExecutorService watch, Channel listening) {
        this.services = services;
        this.storeThreads = storeThreads;
        this.watch = watch;
        this.listening = listening;
    }

    /** What the site is. */
    public record Profile(SiteIdentity identity, String name, String jurisdiction, String software) {}

    /** What the server stands on; all of it is borrowed. */
    public record Ground(
            SiteStore store,
            ReceiptSigner receipts,
            Membership membership,
            Transports transports,
            MeterRegistry meters) {}

    /**
     * How much it may take.
     *
     * @param creditBytes memory for slices that are not in their file yet
     * @param readBytes memory for packs that are being read
     * @param storeThreads threads that wait for the disk
     */
    public record Bounds(long creditBytes, long readBytes, int storeThreads) {
        /** For a receiver of 160 MiB of direct memory. */
        public static Bounds standard(int cores) {
            return new Bounds(64L << 20, 32L << 20, Math.max(4, 2 * cores));
        }
    }

    /** Where it listens, as whom, with what clock. */
    public record Door(InetSocketAddress address, TlsIdentity tls, Clock clock, SecureRandom random) {}

    /** Listens; USAGE where the address is taken. */
    public static SiteServer start(Profile profile, Ground ground, Bounds bounds, Door door) throws FaultException {
        SslContext tls = TlsContexts.server(door.tls(), door.clock());
        ThreadPoolExecutor storeThreads = storeThreads(bounds.storeThreads());
        ScheduledExecutorService watch =
                Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "sago-watch"));
        boolean started = false;
        try {
            SiteServices services = services(profile, ground, bounds, door, storeThreads);
            ChannelFuture bound = ground.transports()
                    .server()
                    .childHandler(initializer(services, ground.transports().tuning(), tls))
                    .bind(door.address())
                    .awaitUninterruptibly();
            if (!bound.isSuccess()) {
                throw new FaultException(
                        Fault.USAGE,
                        "cannot listen on " + door.address().getHostString() + ":"
                                + door.address().getPort() + ": "
                                + bound.cause().getMessage() + "; choose another address or stop what uses it",
                        bound.cause());
            }
            SiteServer server = new SiteServer(services, storeThreads, watch, bound.channel());
            server.watch();
            started = true;
            return server;
        } finally {
            if (!started) {
                storeThreads.shutdown();
                watch.shutdown();
            }
        }
    }

    private static ThreadPoolExecutor storeThreads(int threads) {
        AtomicInteger number = new AtomicInteger();
        // The queue has no bound of its own: credit bounds slices, and Jobs bounds everything else by not reading.
        return new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> new Thread(task, "sago-store-" + number.incrementAndGet()));
    }

    private static SiteServices services(
            Profile profile, Ground ground, Bounds bounds, Door door, ExecutorService storeThreads) {
        CreditPool credit = new CreditPool(bounds.creditBytes());
        SessionBook sessions = new SessionBook(door.random(), door.clock());
        SpaceWatch space = new SpaceWatch(ground.store().space(), credit, sessions);
        HandshakeGate gate = new HandshakeGate(Limits.HANDSHAKES_MAX, Limits.HANDSHAKES_PER_ADDRESS_MAX);
        SiteMeters meters = new SiteMeters(ground.meters());
        meters.gauge(Meters.SITE_CREDIT_BYTES, credit, CreditPool::outstandingBytes);
        meters.gauge(Meters.SITE_HANDSHAKES, gate, HandshakeGate::inProgress);
        meters.gauge(Meters.SITE_FREE_BYTES, space, SpaceWatch::freeBytes);
        return new SiteServices(
                profile,
                new Doorkeeper(ground.membership(), ground.store(), door.clock()),
                ground.store(),
                ground.receipts(),
                sessions,
                credit,
                space,
                gate,
                new SiteServices.Readers(
                        new ReadBudget(bounds.readBytes()),
                        new CatalogDesk(ground.store(), ground.receipts()),
                        new AuditDesk(ground.store()),
                        new OrderDesk(ground.store(), ground.receipts(), door.clock())),
                storeThreads,
                meters,
                ground.transports().allocator(),
                ConcurrentHashMap.newKeySet(),
                door.clock(),
                door.random());
    }

    private static ChannelInitializer<SocketChannel> initializer(
            SiteServices services, ChannelHandler tuning, SslContext tls) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                InetAddress address = channel.remoteAddress().getAddress();
                if (!services.gate().enter(address)) {
                    services.meters().fault(Fault.LIMIT);
                    ChannelFuture unused = channel.close();
                    return;
                }
                SslHandler handler = tls.newHandler(channel.alloc());
                handler.setHandshakeTimeoutMillis(Limits.HANDSHAKE_TIMEOUT_MS);
                FrameDecoder decoder = FrameDecoder.ofClientFrames();
                channel.pipeline()
                        .addLast(tuning)
                        .addLast(handler)
                        .addLast(decoder)
                        .addLast(new FrameEncoder(Peer.SITE))
                        .addLast(new Connection(services, decoder, channel, address));
            }
        };
    }

    private void watch() throws FaultException {
        services.space().check();
        ScheduledFuture<?> unused =
                watch.scheduleWithFixedDelay(this::look, SPACE_CHECK_MS, SPACE_CHECK_MS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            services.space().check();
            for (SessionId gone : services.sessions().goneFor(SESSION_IDLE_NS)) {
                LOG.info("session {} did not come back: what it left incomplete is given up", gone);
                services.store().abandon(gone);
            }
        } catch (FaultException | RuntimeException e) {
            LOG.error("the watch over the disk failed: {}", e.getMessage());
        } catch (Error e) {
            // The executor would keep it to itself, and the watch would be over without a word.
            Thread self = Thread.currentThread();
            self.getUncaughtExceptionHandler().uncaughtException(self, e);
            throw e;
        }
    }

    /** Where it listens, with the port that was really taken. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    /** Hands a receipt to the session that its packs came from, if it is still there. Any thread. */
    @Override
    public void issued(IssuedReceipt receipt) {
        LiveSession live = services.sessions().live(receipt.dataset());
        if (live != null) {
            ReceiptIssued.Builder message = ReceiptIssued.newBuilder().setReceipt(receipt.receipt());
            receipt.packs().forEach(pack -> message.addPacks(ByteString.copyFrom(pack.toBytes())));
            live.sendOnce(message.build());
        }
    }

    /** Sessions that live now: what they have stored is theirs to commit. Any thread. */
    public Set<SessionId> liveSessions() {
        return services.sessions().live();
    }

    /** Free bytes for packs, as last seen. */
    public long freeBytes() {
        return services.space().freeBytes();
    }

    /** Whether it takes no data now because the disk is full. */
    public boolean isFull() {
        return services.space().isFull();
    }

    /** Takes nothing new, finishes what was received, tells every client, and ends. The ground stays. */
    @Override
    public void close() {
        listening.close().awaitUninterruptibly();
        services.credit().pause();
        watch.shutdown();
        services.readers().audit().close();
        storeThreads.shutdown();
        boolean interrupted = false;
        try {
            if (!storeThreads.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the disk is too slow: what was received and not acknowledged is given up");
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        services.space().close();
        FaultException stopping =
                new FaultException(Fault.SITE_UNREACHABLE, "the site is stopping; connect again when it is back");
        List<Connection> open = List.copyOf(services.connections());
        open.forEach(connection -> connection.fail(stopping));
        long deadlineNs = services.clock().monotonicNs() + TimeUnit.MILLISECONDS.toNanos(FAREWELL_MS);
        for (Connection connection : open) {
            long leftMs =
                    TimeUnit.NANOSECONDS.toMillis(deadlineNs - services.clock().monotonicNs());
            connection.closeFuture().awaitUninterruptibly(Math.max(1, leftMs));
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
