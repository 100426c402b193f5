package sago.common.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What sockets are told beyond the usual, on Linux: congestion control, and how much may wait unsent in the kernel. Buffer sizes stay the
 * kernel's: setting them would end its autotuning. Immutable.
 *
 * <p>BBR, because loss that is no congestion makes CUBIC give way: 0.1 % of it over 200 ms leaves CUBIC a tenth of the line (ADR 0013).
 */
final class TcpTuning {
    private static final Logger LOG = LoggerFactory.getLogger(TcpTuning.class);

    /** Preferred over whatever the kernel has by default. */
    static final String PREFERRED = "bbr";

    /** The event of a pipeline that says so. */
    static final Object BULK_BEGINS = new Object();

    private static final int IPPROTO_TCP = 6;
    private static final int TCP_CONGESTION = 13;

    /** TCP_CA_NAME_MAX of the kernel. */
    private static final int NAME_BYTES = 16;

    private static final RawUnixChannelOption CONGESTION_NAME =
            new RawUnixChannelOption("TCP_CONGESTION", IPPROTO_TCP, TCP_CONGESTION, NAME_BYTES);

    /**
     * A name of three letters and its zero are an int. Netty uses up the buffer of a raw option with the first connection, which makes that no
     * option for a bootstrap.
     */
    private static final IntegerUnixChannelOption CONGESTION =
            new IntegerUnixChannelOption("TCP_CONGESTION", IPPROTO_TCP, TCP_CONGESTION);

    private static final int PREFERRED_AS_INT = asInt(PREFERRED + "\0");

    /** What every kernel has and allows, and what sends as much as the window holds at once. The kernel ends the name itself. */
    private static final int UNPACED_AS_INT = asInt("reno");

    /**
     * What waits in the kernel and was not sent yet: more than an event loop needs to come back, less than would let one slow connection
     * hold slices that others could have sent.
     */
    static final long UNSENT_BYTES_MAX = 128 << 10;

    /** From this round trip on. Nearer, loss is congestion, and the pacing of BBR only costs: up to a third of the rate of loopback. */
    static final long DISTANCE_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final Path KERNEL_DEFAULT = Path.of("/proc/sys/net/ipv4/tcp_congestion_control");

    private final boolean epoll;
    private final long distanceNs;
    private final boolean preferred;
    private final String congestionControl;

    private TcpTuning(boolean epoll, long distanceNs, boolean preferred, String congestionControl) {
        this.epoll = epoll;
        this.distanceNs = distanceNs;
        this.preferred = preferred;
        this.congestionControl = congestionControl;
    }

    /**
     * What this kernel offers this process, tried on a socket.
     *
     * @param distanceNs round trip from which on it is used
     */
    static TcpTuning probe(boolean epoll, long distanceNs) {
        boolean preferred = epoll && offersPreferred();
        String name = preferred ? PREFERRED : kernelDefault();
        if (!preferred) {
            LOG.info(
                    "congestion control {}: the kernel does not offer {} to this process (modprobe tcp_bbr, and"
                            + " net.ipv4.tcp_allowed_congestion_control where it is not root)",
                    name,
                    PREFERRED);
        }
        return new TcpTuning(epoll, distanceNs, preferred, name);
    }

    /** What distant connections use. */
    String congestionControl() {
        return congestionControl;
    }

    /** What waits unsent; set before connecting. Null where the system has no such option. */
    @Nullable
    ChannelOption<Long> unsentOption() {
        return epoll ? EpollChannelOption.TCP_NOTSENT_LOWAT : null;
    }

    /** Chooses when the connection is made: not before its round trip is known. */
    ChannelHandler atOnce() {
        return new AtOnce();
    }

    /** Chooses at {@link #BULK_BEGINS}; until then Reno sends. */
    ChannelHandler onceBulkBegins() {
        return new OnceBulkBegins();
    }

    private static int asInt(String fourBytes) {
        return ByteBuffer.wrap(fourBytes.getBytes(StandardCharsets.US_ASCII))
                .order(ByteOrder.nativeOrder())
                .getInt();
    }

    private void choose(Channel channel, int control) {
        if (preferred && Transports.rttNs(channel) >= distanceNs) {
            try {
                channel.config().setOption(CONGESTION, control);
            } catch (ChannelException closed) {
                LOG.debug("the connection ended before its congestion control was chosen", closed);
            }
        }
    }

    @ChannelHandler.Sharable
    private final class AtOnce extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            choose(ctx.channel(), PREFERRED_AS_INT);
            ctx.fireChannelActive();
            ctx.pipeline().remove(this);
        }
    }

    @ChannelHandler.Sharable
    private final class OnceBulkBegins extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            choose(ctx.channel(), UNPACED_AS_INT);
            ctx.fireChannelActive();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == BULK_BEGINS) {
                choose(ctx.channel(), PREFERRED_AS_INT);
                ctx.pipeline().remove(this);
            } else {
                ctx.fireUserEventTriggered(event);
            }
        }
    }

    /** What this connection uses, as the kernel says; empty where it cannot be asked. */
    static String congestionControl(Channel channel) {
        if (!(channel instanceof EpollSocketChannel)) {
            return "";
        }
        try {
            ByteBuffer name = channel.config().getOption(CONGESTION_NAME);
            return name == null
                    ? ""
                    : StandardCharsets.US_ASCII.decode(name).toString().replace("\0", "");
        } catch (ChannelException closed) {
            return "";
        }
    }

    private static boolean offersPreferred() {
        EpollSocketChannel probe = new EpollSocketChannel();
        try {
            return probe.config().setOption(CONGESTION, PREFERRED_AS_INT);
        } catch (ChannelException refused) {
            return false;
        } finally {
            probe.unsafe().closeForcibly();
        }
    }

    private static String kernelDefault() {
        try {
            return Files.readString(KERNEL_DEFAULT).strip();
        } catch (IOException notLinux) {
            return "unknown";
        }
    }
}
