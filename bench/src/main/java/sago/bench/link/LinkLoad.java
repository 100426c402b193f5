package sago.bench.link;

import com.sun.management.OperatingSystemMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import sago.common.id.PackId;
import sago.common.limits.Limits;
import sago.common.net.TlsContexts;
import sago.common.net.TlsIdentity;
import sago.common.net.Transports;
import sago.common.protocol.FrameDecoder;
import sago.common.protocol.FrameEncoder;
import sago.common.protocol.Peer;
import sago.common.time.Clock;

/** The near end of a measurement: loads a link with some connections for a while. Confined to one thread. */
final class LinkLoad implements AutoCloseable {
    private static final int PINGS = 5;

    /** Until connections are up to speed: nothing is counted before. */
    private static final int WARM_ROUND_TRIPS = 20;

    private static final double WARM_S_MIN = 1;
    private static final double WARM_S_MAX = 6;

    private final InetSocketAddress to;
    private final Transports transports;
    private final SslContext tls;
    private final Clock clock;
    private final PackId pack;
    private final ByteBuf slice;

    LinkLoad(InetSocketAddress to, int threads, Clock clock) throws IOException {
        SecureRandom random = new SecureRandom();
        byte[] bytes = new byte[Limits.SEGMENT_BYTES];
        random.nextBytes(bytes);
        this.to = to;
        this.clock = clock;
        this.pack = PackId.random(random);
        this.slice = Unpooled.directBuffer(bytes.length).writeBytes(bytes);
        this.tls = TlsContexts.clientOfUnknownSite(TlsIdentity.generate("bench", random, clock), clock);
        this.transports = Transports.open(threads, "link");
    }

    /**
     * One measurement.
     *
     * @param setupS from the first SYN until all connections had TLS
     * @param rttS shortest round trip before the load, by PING
     * @param tcpRttS longest smoothed round trip of TCP at the end of the load
     * @param cpuS of this process while {@code bytes} moved in {@code seconds}
     */
    record Sample(
            int streams,
            long windowBytes,
            double setupS,
            double rttS,
            double tcpRttS,
            long bytes,
            double seconds,
            double cpuS,
            String congestionControl) {
        double bytesPerS() {
            return bytes / seconds;
        }
    }

    /** Loads the link. */
    Sample run(int streams, long windowBytes, double seconds) throws IOException {
        List<LinkConnection> connections = new ArrayList<>();
        try {
            long began = clock.monotonicNs();
            for (int i = 0; i < streams; i++) {
                connections.add(connect(windowBytes));
            }
            for (LinkConnection connection : connections) {
                join(connection);
            }
            double setupS = (clock.monotonicNs() - began) / 1e9;
            double rttS = rttS(connections.get(0));
            connections.forEach(LinkConnection::start);
            sleep(Math.max(WARM_S_MIN, Math.min(WARM_S_MAX, WARM_ROUND_TRIPS * rttS)));
            long from = clock.monotonicNs();
            long bytes = taken(connections);
            double cpu = cpuS();
            sleep(seconds);
            double elapsed = (clock.monotonicNs() - from) / 1e9;
            bytes = taken(connections) - bytes;
            cpu = cpuS() - cpu;
            if (connections.stream().anyMatch(LinkConnection::lost)) {
                throw new IOException("a connection was lost while the link was measured; measure again");
            }
            double loaded = connections.stream()
                    .mapToDouble(LinkConnection::tcpRttS)
                    .max()
                    .orElse(0);
            String control =
                    Transports.congestionControl(connections.get(0).ready().join());
            return new Sample(streams, windowBytes, setupS, rttS, loaded, bytes, elapsed, cpu, control);
        } finally {
            connections.forEach(LinkConnection::stop);
        }
    }

    @Override
    public void close() {
        transports.close();
        slice.release();
    }

    private LinkConnection connect(long windowBytes) {
        LinkConnection connection = new LinkConnection(windowBytes, pack, slice, clock);
        transports
                .client()
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(transports.tuning())
                                .addLast(tls.newHandler(channel.alloc()))
                                .addLast(FrameDecoder.ofSiteFrames())
                                .addLast(new FrameEncoder(Peer.CLIENT))
                                .addLast(connection);
                    }
                })
                .connect(to)
                .addListener(made -> {
                    if (!made.isSuccess()) {
                        connection.unreachable(made.cause());
                    }
                });
        return connection;
    }

    private static void join(LinkConnection connection) throws IOException {
        try {
            connection.ready().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e);
        }
    }

    private static double rttS(LinkConnection connection) throws IOException {
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < PINGS; i++) {
            try {
                shortest = Math.min(shortest, connection.ping().join());
            } catch (CompletionException e) {
                throw new IOException("the other end does not answer: is it `sago bench link serve`?", e);
            }
        }
        return shortest / 1e9;
    }

    private static long taken(List<LinkConnection> connections) {
        return connections.stream().mapToLong(LinkConnection::takenBytes).sum();
    }

    private static double cpuS() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime() / 1e9;
    }

    private void sleep(double seconds) {
        long end = clock.monotonicNs() + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
        for (long left = end - clock.monotonicNs(); left > 0; left = end - clock.monotonicNs()) {
            LockSupport.parkNanos(left);
        }
    }
}
