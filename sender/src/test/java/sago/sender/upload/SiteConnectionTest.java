package sago.sender.upload;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;
import sago.common.proto.Credit;
import sago.common.proto.FaultReport;
import sago.common.proto.Hello;
import sago.common.proto.PackStates;
import sago.common.proto.PackStatus;
import sago.common.proto.Ping;
import sago.common.proto.Pong;
import sago.common.proto.Welcome;
import sago.common.protocol.DataFrame;
import sago.common.protocol.Frame;
import sago.common.protocol.FrameType;
import sago.common.protocol.MessageFrame;

class SiteConnectionTest {
    private static final long LONG_NS = TimeUnit.HOURS.toNanos(1);

    private final SimulatedTime time = new SimulatedTime();
    private final Liveness liveness = new Liveness(time);
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final SiteConnection connection = new SiteConnection("site sg", time, liveness, channel);
    private final Heard heard = new Heard();

    SiteConnectionTest() {
        channel.freezeTime();
        channel.pipeline().addLast(liveness).addLast(connection);
        connection.sink(heard);
    }

    @AfterEach
    void leavesNothingBehind() {
        channel.finishAndReleaseAll();
    }

    @Test
    void matchesAnswersWithRequestsInOrder() {
        CompletableFuture<MessageFrame> first = ask(FrameType.WELCOME);
        CompletableFuture<MessageFrame> second = ask(FrameType.PACK_STATES);
        receive(Welcome.newBuilder().setName("a").build());
        assertThat(first.join().as(Welcome.class).getName()).isEqualTo("a");
        assertThat(second).isNotDone();
        receive(PackStates.getDefaultInstance());
        assertThat(second).isCompleted();
    }

    @Test
    void refusesAnAnswerThatWasNotAsked() {
        receive(PackStates.getDefaultInstance());
        assertThat(heard.end()).isEqualTo(Fault.PROTOCOL);
        assertThat(sentTypes()).containsExactly(FrameType.FAULT);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void refusesAnswersThatComeInAnotherOrder() {
        CompletableFuture<MessageFrame> first = ask(FrameType.WELCOME);
        CompletableFuture<MessageFrame> second = ask(FrameType.PACK_STATES);
        receive(PackStates.getDefaultInstance());
        assertThat(heard.end()).isEqualTo(Fault.PROTOCOL);
        assertThat(first).isCompletedExceptionally();
        assertThat(second).isCompletedExceptionally();
    }

    @Test
    void refusesFramesThatOnlyClientsSend() {
        receive(Hello.getDefaultInstance());
        assertThat(heard.end()).isEqualTo(Fault.PROTOCOL);
    }

    @Test
    void endsWithTheFaultThatTheSiteReportsAndTellsItToWhoeverWaits() {
        CompletableFuture<MessageFrame> answer = ask(FrameType.OPENED);
        receive(FaultReport.newBuilder()
                .setCode(Fault.LOCKED.code())
                .setMessage("another\u001b[31m session\n")
                .build());
        assertThat(heard.end()).isEqualTo(Fault.LOCKED);
        assertThat(heard.ends.get(0)).hasMessage("site sg says: another[31m session");
        assertThat(answer).isCompletedExceptionally();
        sentTypes();
        assertThat(ask(FrameType.WELCOME)).as("after the end").isCompletedExceptionally();
    }

    @Test
    void handsOnWhatAnswersNothingAndReleasesWhatComesAfterTheEnd() {
        receive(Credit.newBuilder().setTotal(5).build());
        assertThat(heard.frames).containsExactly(FrameType.CREDIT);
        ChannelHandlerContext context = channel.pipeline().context(connection);
        connection.close(new FaultException(Fault.INTERRUPTED, "enough"));
        ByteBuf late = Unpooled.buffer().writeInt(1);
        connection.channelRead(context, new DataFrame(1, late));
        assertThat(late.refCnt()).isZero();
        assertThat(heard.frames).hasSize(1);
    }

    @Test
    void answersEveryPing() {
        receive(Ping.newBuilder().setId(77).build());
        MessageFrame pong = channel.readOutbound();
        assertThat(pong.as(Pong.class).getId()).isEqualTo(77);
    }

    @Test
    void measuresTheRoundTrip() {
        connection.ready();
        channel.runScheduledPendingTasks();
        MessageFrame ping = channel.readOutbound();
        time.run(30_000_000);
        receive(Pong.newBuilder().setId(ping.as(Ping.class).getId()).build());
        assertThat(connection.rttNs()).isEqualTo(30_000_000);
    }

    @Test
    void bearsAMinuteOfSilenceButNotMoreThanItsBound() {
        connection.ready();
        channel.runScheduledPendingTasks();
        pass(60_000);
        assertThat(channel.isOpen()).isTrue();
        pass(Limits.SILENCE_TIMEOUT_MS - 60_000 + Limits.PING_INTERVAL_MS);
        assertThat(heard.end()).isEqualTo(Fault.TIMEOUT);
    }

    @Test
    void takesAnySignOfLife() {
        connection.ready();
        for (int i = 0; i < 10; i++) {
            pass(60_000);
            receive(Credit.getDefaultInstance());
        }
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void endsWhenARequestIsNotAnsweredInTime() {
        CompletableFuture<MessageFrame> answer = connection.request(
                PackStatus.getDefaultInstance(), Set.of(FrameType.PACK_STATES), TimeUnit.SECONDS.toNanos(5));
        pass(4_000);
        assertThat(answer).isNotDone();
        pass(2_000);
        assertThat(answer).isCompletedExceptionally();
        assertThat(heard.end()).isEqualTo(Fault.TIMEOUT);
    }

    @Test
    void tellsOfALostConnectionOnce() {
        channel.close().syncUninterruptibly();
        assertThat(heard.end()).isEqualTo(Fault.CONNECTION_LOST);
        connection.close(new FaultException(Fault.INTERRUPTED, "late"));
        assertThat(heard.ends).hasSize(1);
    }

    private CompletableFuture<MessageFrame> ask(FrameType answer) {
        return connection.request(PackStatus.getDefaultInstance(), Set.of(answer), LONG_NS);
    }

    private void receive(MessageLite message) {
        channel.writeInbound(MessageFrame.of(message));
    }

    /** Lets time pass in steps, on both clocks. */
    private void pass(long ms) {
        for (long left = ms; left > 0; left -= 1000) {
            time.run(TimeUnit.SECONDS.toNanos(1));
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }
    }

    private List<FrameType> sentTypes() {
        List<FrameType> types = new ArrayList<>();
        for (Frame frame = channel.readOutbound(); frame != null; frame = channel.readOutbound()) {
            if (frame.type() != FrameType.PACK_STATUS) {
                types.add(frame.type());
            }
        }
        return types;
    }

    private static final class Heard implements ConnectionSink {
        final List<FrameType> frames = new ArrayList<>();
        final List<FaultException> ends = new ArrayList<>();

        Fault end() {
            assertThat(ends).hasSize(1);
            return ends.get(0).fault();
        }

        @Override
        public void frame(Frame frame) {
            frames.add(frame.type());
            frame.release();
        }

        @Override
        public void writable() {
            // Nothing to write.
        }

        @Override
        public void closed(FaultException why) {
            ends.add(why);
        }
    }
}
