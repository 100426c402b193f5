package sago.common.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class TransportsTest {
    private static final Path DEFAULT = Path.of("/proc/sys/net/ipv4/tcp_congestion_control");
    private static final Path ALLOWED = Path.of("/proc/sys/net/ipv4/tcp_allowed_congestion_control");

    @Test
    void usesBbrAtBothEndsOverDistanceWhereTheKernelOffersIt() throws Exception {
        Assumptions.assumeTrue(Epoll.isAvailable() && Files.readString(ALLOWED).contains("bbr"), "no BBR here");
        try (Transports transports = Transports.open(1, "test", 0)) {
            assertThat(transports.congestionControl()).isEqualTo("bbr");
            // Twice: an option may not be used up by the first connection.
            for (int i = 0; i < 2; i++) {
                for (Channel end : connect(transports)) {
                    assertThat(Transports.congestionControl(end)).isEqualTo("bbr");
                }
            }
        }
    }

    @Test
    void usesBbrFromTheMomentOnThatBulkBegins() throws Exception {
        Assumptions.assumeTrue(Epoll.isAvailable() && Files.readString(ALLOWED).contains("bbr"), "no BBR here");
        try (Transports transports = Transports.open(1, "test", 0)) {
            Channel client =
                    connect(transports, transports.tuningOnceBulkBegins()).get(0);
            client.pipeline().fireUserEventTriggered("another event");
            assertThat(Transports.congestionControl(client)).isEqualTo("reno");
            client.eventLoop().submit(() -> Transports.bulkBegins(client)).sync();
            assertThat(Transports.congestionControl(client)).isEqualTo("bbr");
        }
    }

    @Test
    void leavesNearConnectionsToTheKernel() throws Exception {
        Assumptions.assumeTrue(Epoll.isAvailable(), "no epoll here");
        try (Transports transports = Transports.open(1, "test", TimeUnit.HOURS.toNanos(1))) {
            for (Channel end : connect(transports)) {
                assertThat(Transports.congestionControl(end))
                        .isEqualTo(Files.readString(DEFAULT).strip());
            }
        }
    }

    @Test
    void knowsTheRoundTripOfAConnection() throws Exception {
        Assumptions.assumeTrue(Epoll.isAvailable(), "no epoll here");
        try (Transports transports = Transports.open(1, "test")) {
            for (Channel end : connect(transports)) {
                assertThat(end).isInstanceOf(EpollSocketChannel.class);
                assertThat(Transports.rttNs(end)).isBetween(1L, TimeUnit.SECONDS.toNanos(10));
                end.close().sync();
                assertThat(Transports.rttNs(end)).as("closed").isZero();
            }
        }
    }

    @Test
    void connectsWithoutEpoll() throws Exception {
        try (Transports transports = Transports.openPortable(1, "test")) {
            for (Channel end : connect(transports)) {
                assertThat(end).isNotInstanceOf(EpollSocketChannel.class);
                assertThat(end.isActive()).isTrue();
                assertThat(Transports.rttNs(end)).isZero();
                assertThat(Transports.congestionControl(end)).isEmpty();
            }
            assertThat(transports.congestionControl()).isNotEmpty();
        }
    }

    /** Both ends of one connection. */
    private static List<Channel> connect(Transports transports) throws Exception {
        return connect(transports, transports.tuning());
    }

    private static List<Channel> connect(Transports transports, ChannelHandler clientTuning) throws Exception {
        CompletableFuture<Channel> accepted = new CompletableFuture<>();
        Channel listening = transports
                .server()
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(transports.tuning()).addLast(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelActive(ChannelHandlerContext ctx) {
                                accepted.complete(ctx.channel());
                            }
                        });
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
        Channel client = transports
                .client()
                .handler(clientTuning)
                .connect(listening.localAddress())
                .sync()
                .channel();
        client.eventLoop().submit(() -> {}).sync();
        return List.of(client, accepted.get(10, TimeUnit.SECONDS));
    }
}
