package sago.common.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;
import sago.common.durable.Disk;

/**
 * Sockets and the threads that serve them: epoll where it is available, otherwise NIO. One per process; its event loops never touch a
 * disk. Thread-safe.
 */
public final class Transports implements AutoCloseable {
    private static final int CONNECT_TIMEOUT_MS = 10_000;
    private static final int BACKLOG = 256;

    /**
     * Bytes written but not yet in the kernel, per connection: above the second no more is written until it falls below the first. A slice
     * waits while another is written, no more: what waits here has used up credit, which over distance is wanted under way.
     */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 << 10, 128 << 10);

    /** 8 KiB pages times 2^9: chunks of 4 MiB, so that a receiver of 256 MiB wastes little. */
    private static final int PAGE_BYTES = 8192;

    private static final int MAX_ORDER = 9;

    private final boolean epoll;
    private final TcpTuning tuning;
    private final EventLoopGroup group;
    private final ByteBufAllocator allocator;

    private Transports(boolean epoll, int threads, String name, long distanceNs) {
        this.epoll = epoll;
        this.tuning = TcpTuning.probe(epoll, distanceNs);
        this.group = new MultiThreadIoEventLoopGroup(
                threads,
                new DefaultThreadFactory(name, true),
                epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        // Memory begins at a block, so that what was received can be written past the page cache.
        this.allocator =
                new PooledByteBufAllocator(true, 1, threads, PAGE_BYTES, MAX_ORDER, 0, 0, false, Disk.BLOCK_BYTES);
    }

    /** Event loops on this many threads, whose names begin with {@code name}. */
    public static Transports open(int threads, String name) {
        return open(threads, name, TcpTuning.DISTANCE_NS);
    }

    /** The same, with BBR from this round trip on. */
    static Transports open(int threads, String name, long distanceNs) {
        return new Transports(Epoll.isAvailable(), threads, name, distanceNs);
    }

    /** The same with what every JVM has. */
    static Transports openPortable(int threads, String name) {
        return new Transports(false, threads, name, TcpTuning.DISTANCE_NS);
    }

    public EventLoopGroup group() {
        return group;
    }

    /** The allocator of every connection: pooled, direct, small chunks. */
    public ByteBufAllocator allocator() {
        return allocator;
    }

    /** Stands first in a pipeline: it chooses the congestion control once the round trip is known, and leaves. */
    public ChannelHandler tuning() {
        return tuning.atOnce();
    }

    /**
     * The same for connections whose first messages are small: until {@link #bulkBegins} Reno sends them, a few segments at once, where BBR
     * spreads them over the round trip and needs another one for the rest.
     */
    public ChannelHandler tuningOnceBulkBegins() {
        return tuning.onceBulkBegins();
    }

    /** From now on the connection carries as much as it can. Event loop only. */
    public static void bulkBegins(Channel channel) {
        channel.pipeline().fireUserEventTriggered(TcpTuning.BULK_BEGINS);
    }

    /** Congestion control of connections over distance, as the kernel names it. */
    public String congestionControl() {
        return tuning.congestionControl();
    }

    /** Congestion control of this connection, as the kernel names it; empty where it cannot be asked. */
    public static String congestionControl(Channel channel) {
        return TcpTuning.congestionControl(channel);
    }

    /** The round trip of a connection as its TCP knows it, smoothed; 0 where it cannot be asked. */
    public static long rttNs(Channel channel) {
        return tcp(channel).rttNs();
    }

    /** What TCP knows of a connection; zeros where it cannot be asked. */
    public static TcpState tcp(Channel channel) {
        if (!(channel instanceof EpollSocketChannel socket)) {
            return TcpState.UNKNOWN;
        }
        try {
            EpollTcpInfo info = socket.tcpInfo();
            return new TcpState(TimeUnit.MICROSECONDS.toNanos(info.rtt()), info.totalRetrans());
        } catch (ChannelException closed) {
            return TcpState.UNKNOWN;
        }
    }

    /** A bootstrap for connections to sites; handler and address are the caller's. */
    public Bootstrap client() {
        Bootstrap client = new Bootstrap()
                .group(group)
                .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.ALLOCATOR, allocator)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
        ChannelOption<Long> unsent = tuning.unsentOption();
        return unsent == null ? client : client.option(unsent, TcpTuning.UNSENT_BYTES_MAX);
    }

    /** A bootstrap for a listening socket; handler and address are the caller's. */
    public ServerBootstrap server() {
        ServerBootstrap server = new ServerBootstrap()
                .group(group)
                .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
        ChannelOption<Long> unsent = tuning.unsentOption();
        return unsent == null ? server : server.childOption(unsent, TcpTuning.UNSENT_BYTES_MAX);
    }

    /** Closes what is left and waits for the threads to end. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
    }
}
