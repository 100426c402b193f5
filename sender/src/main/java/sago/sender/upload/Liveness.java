package sago.sender.upload;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import sago.common.time.Clock;

/** Remembers when bytes last came in: a large frame that arrives slowly is a sign of life too. Event-loop confined. */
final class Liveness extends ChannelInboundHandlerAdapter {
    private final Clock clock;
    private long lastReadNs;

    Liveness(Clock clock) {
        this.clock = clock;
        this.lastReadNs = clock.monotonicNs();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        lastReadNs = clock.monotonicNs();
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        lastReadNs = clock.monotonicNs();
        ctx.fireChannelRead(message);
    }

    long silentNs() {
        return clock.monotonicNs() - lastReadNs;
    }
}
