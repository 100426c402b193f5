package sago.common.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how a service of {@code Type=notify} is: ready, busy with what, alive, stopping (sd_notify(3)). Where nobody wants to know,
 * because NOTIFY_SOCKET is not set, it does nothing. A message that cannot be sent is logged and never ends the service. Thread-safe; one daemon
 * thread, and only where there is a socket.
 */
public final class ServiceNotifier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceNotifier.class);
    private static final long SEND_TIMEOUT_MS = 1_000;

    /** systemd takes datagrams of this size and ignores longer ones. */
    private static final int STATUS_BYTES_MAX = 2_048;

    private static final long US_PER_MS = 1_000;

    private final @Nullable EventLoopGroup group;
    private final @Nullable Channel channel;
    private final long watchdogUs;

    /** A failure was logged: one line is enough. */
    private final AtomicBoolean told = new AtomicBoolean();

    private ServiceNotifier(@Nullable EventLoopGroup group, String socket, long watchdogUs) {
        this.group = group;
        this.watchdogUs = watchdogUs;
        this.channel = group == null ? null : open(group, socket);
    }

    /**
     * What the environment asks for: NOTIFY_SOCKET (a path, or {@code @} and an abstract name), WATCHDOG_USEC and WATCHDOG_PID.
     *
     * @param pid of this process
     */
    public static ServiceNotifier of(Map<String, String> environment, long pid) {
        String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (socket.isEmpty()) {
            return new ServiceNotifier(null, "", 0);
        }
        boolean known = socket.startsWith("/") || socket.startsWith("@");
        if (!known || !Epoll.isAvailable()) {
            LOG.warn("cannot notify systemd: {}", known ? "epoll is not available here" : "NOTIFY_SOCKET is no path");
            return new ServiceNotifier(null, "", 0);
        }
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("sago-notify", true), EpollIoHandler.newFactory());
        return new ServiceNotifier(group, socket, watchdogUs(environment, pid));
    }

    private static long watchdogUs(Map<String, String> environment, long pid) {
        String forPid = environment.getOrDefault("WATCHDOG_PID", "");
        try {
            boolean meant = forPid.isEmpty() || Long.parseLong(forPid) == pid;
            return meant ? Math.max(0, Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0"))) : 0;
        } catch (NumberFormatException e) {
            LOG.warn("WATCHDOG_USEC or WATCHDOG_PID is no number: no sign of life is sent");
            return 0;
        }
    }

    private static @Nullable Channel open(EventLoopGroup group, String socket) {
        // The kernel marks an abstract name by a leading zero, people by @.
        String path = socket.startsWith("@") ? "\0" + socket.substring(1) : socket;
        ChannelFuture opened = new Bootstrap()
                .group(group)
                .channel(EpollDomainDatagramChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(new DomainSocketAddress(path))
                .awaitUninterruptibly();
        if (!opened.isSuccess()) {
            LOG.warn("cannot notify systemd: {}", String.valueOf(opened.cause()));
            return null;
        }
        return opened.channel();
    }

    /** The service does its work from now on. */
    public void ready(String status) {
        send("READY=1\nSTATUS=" + line(status));
    }

    /** One line for {@code systemctl status}. */
    public void status(String status) {
        send("STATUS=" + line(status));
    }

    /** The service was told to end, or ends by itself. */
    public void stopping(String status) {
        send("STOPPING=1\nSTATUS=" + line(status));
    }

    /** Sends signs of life while this says that all is well, twice as often as systemd wants them; nothing where it wants none. */
    public void watch(BooleanSupplier well) {
        if (group == null || watchdogUs == 0) {
            return;
        }
        long periodMs = Math.max(1, watchdogUs / US_PER_MS / 2);
        Future<?> unused = group.scheduleAtFixedRate(
                () -> {
                    if (well.getAsBoolean()) {
                        ChannelFuture unusedSign = write("WATCHDOG=1");
                    }
                },
                0,
                periodMs,
                TimeUnit.MILLISECONDS);
    }

    /** Waits a little, so that a process that ends next has said so. */
    private void send(String message) {
        ChannelFuture sent = write(message);
        if (sent != null && !sent.awaitUninterruptibly(SEND_TIMEOUT_MS)) {
            LOG.warn("systemd does not take notifications");
        }
    }

    private @Nullable ChannelFuture write(String message) {
        if (channel == null) {
            return null;
        }
        return channel.writeAndFlush(Unpooled.copiedBuffer(message, StandardCharsets.UTF_8))
                .addListener(sent -> {
                    if (!sent.isSuccess() && told.compareAndSet(false, true)) {
                        LOG.warn("could not notify systemd: {}", String.valueOf(sent.cause()));
                    }
                });
    }

    private static String line(String status) {
        String one = status.replace('\n', ' ');
        return one.length() <= STATUS_BYTES_MAX ? one : one.substring(0, STATUS_BYTES_MAX);
    }

    @Override
    public void close() {
        if (group != null) {
            Future<?> unused = group.shutdownGracefully(0, SEND_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        }
    }
}
