package sago.common.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Notifications as they arrive at a true datagram socket of the kernel. */
final class ServiceNotifierTest {
    private static final long PID = 4711;
    private static final long WAIT_SECONDS = 10;

    @TempDir
    private Path temp = Path.of("");

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final BlockingQueue<String> arrived = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void listen(String path) {
        Channel unused = new Bootstrap()
                .group(group)
                .channel(EpollDomainDatagramChannel.class)
                .handler(new SimpleChannelInboundHandler<DomainDatagramPacket>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext context, DomainDatagramPacket packet) {
                        arrived.add(packet.content().toString(StandardCharsets.UTF_8));
                    }
                })
                .bind(new DomainSocketAddress(path))
                .syncUninterruptibly()
                .channel();
    }

    private String next() throws InterruptedException {
        return String.valueOf(arrived.poll(WAIT_SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void saysWhenItIsReadyWhatItDoesAndThatItEnds() throws InterruptedException {
        String path = temp.resolve("notify").toString();
        listen(path);
        try (ServiceNotifier notifier = ServiceNotifier.of(Map.of("NOTIFY_SOCKET", path), PID)) {
            notifier.status("checking the journal");
            notifier.ready("ready on\n127.0.0.1:1");
            notifier.watch(() -> true);
            notifier.stopping("draining");
        }
        assertThat(next()).isEqualTo("STATUS=checking the journal");
        assertThat(next()).isEqualTo("READY=1\nSTATUS=ready on 127.0.0.1:1");
        assertThat(next()).isEqualTo("STOPPING=1\nSTATUS=draining");
    }

    @Test
    void speaksToAbstractSocketsToo() throws InterruptedException {
        String name = "sago-notify-" + ProcessHandle.current().pid();
        listen("\0" + name);
        try (ServiceNotifier notifier = ServiceNotifier.of(Map.of("NOTIFY_SOCKET", "@" + name), PID)) {
            notifier.ready("ok");
        }
        assertThat(next()).isEqualTo("READY=1\nSTATUS=ok");
    }

    @Test
    void sendsSignsOfLifeWhileAllIsWellAndOnlyToTheProcessThatIsMeant() throws InterruptedException {
        String path = temp.resolve("notify").toString();
        listen(path);
        Map<String, String> environment =
                Map.of("NOTIFY_SOCKET", path, "WATCHDOG_USEC", "2000", "WATCHDOG_PID", String.valueOf(PID));
        AtomicBoolean well = new AtomicBoolean(true);
        try (ServiceNotifier notifier = ServiceNotifier.of(environment, PID)) {
            notifier.watch(well::get);
            assertThat(next()).isEqualTo("WATCHDOG=1");
            assertThat(next()).isEqualTo("WATCHDOG=1");
            well.set(false);
            notifier.status("sick");
            String last = next();
            while (last.equals("WATCHDOG=1")) {
                last = next();
            }
            assertThat(last).isEqualTo("STATUS=sick");
        }
        arrived.clear();
        try (ServiceNotifier other = ServiceNotifier.of(environment, PID + 1)) {
            other.watch(() -> true);
            other.status("not meant");
            assertThat(next()).isEqualTo("STATUS=not meant");
        }
    }

    @Test
    void doesNothingWhereNobodyListensOrAsks() {
        try (ServiceNotifier silent = ServiceNotifier.of(Map.of(), PID)) {
            silent.ready("ready");
        }
        try (ServiceNotifier gone = ServiceNotifier.of(
                Map.of("NOTIFY_SOCKET", temp.resolve("nobody").toString()), PID)) {
            gone.ready("ready");
        }
        try (ServiceNotifier odd =
                ServiceNotifier.of(Map.of("NOTIFY_SOCKET", "vsock:2:1", "WATCHDOG_USEC", "soon"), PID)) {
            odd.watch(() -> true);
            odd.stopping("over");
        }
        assertThat(arrived).isEmpty();
    }
}
