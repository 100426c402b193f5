package sago.sender.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.pack.PackEntry;
import sago.common.pack.PackGeometry;
import sago.common.protocol.PackPresence;
import sago.common.protocol.SliceFrame;
import sago.common.time.Clock;
import sago.sender.pack.PackImage;

class TransmitterTest {
    private static final int S = 8192;
    static final PackGeometry GEOMETRY = new PackGeometry(S, 4 * S);
    private static final long PLENTY = 1L << 40;
    private static final byte[] NOTHING = new byte[0];

    private final Window window = new Window(GEOMETRY.packBytes(), 4L * GEOMETRY.packBytes());
    private final Transmitter transmitter = new Transmitter(GEOMETRY, window, unlimited());
    private long nextId = 1;

    /** A throttle that holds nothing back. */
    static Throttle unlimited() {
        return new Throttle(Clock.system(), RateSource.UNLIMITED);
    }

    @Test
    void sendsSlicesOfTheOldestPackFirstThenItsEnd() throws Exception {
        PackImage old = acquire();
        PackImage young = acquire();
        ready(old, 0, 1);
        ready(young, 0, 1, 2, 3);
        assertThat(slice(transmitter.next(1, PLENTY))).isEqualTo("1/0");
        assertThat(slice(transmitter.next(2, PLENTY))).isEqualTo("1/1");
        assertThat(slice(transmitter.next(1, PLENTY))).isEqualTo("2/0");
        ready(old, 2, 3);
        complete(old, 4 * S);
        assertThat(slice(transmitter.next(1, PLENTY))).isEqualTo("1/2");
        assertThat(slice(transmitter.next(2, PLENTY))).isEqualTo("1/3");
        assertThat(transmitter.next(1, PLENTY)).isInstanceOf(Work.End.class);
        assertThat(slice(transmitter.next(1, PLENTY))).isEqualTo("2/1");
    }

    @Test
    void givesNoSliceThatTheCreditDoesNotCover() throws Exception {
        PackImage image = acquire();
        ready(image, 0, 1);
        int body = SliceFrame.bodyBytes(S);
        assertThat(transmitter.next(1, 0)).isNull();
        assertThat(transmitter.next(1, body - 1)).isNull();
        assertThat(slice(transmitter.next(1, body))).isEqualTo("1/0");
    }

    @Test
    void holdsSlicesOfAllConnectionsBackUntilTheRateAllowsThem() throws Exception {
        SimulatedTime time = new SimulatedTime();
        long frame = SliceFrame.frameBytes(S) + 22L;
        Transmitter limited = new Transmitter(GEOMETRY, window, new Throttle(time, () -> frame * 10));
        PackImage image = acquire();
        for (int slice = 0; slice < 4; slice++) {
            limited.sliceReady(image, slice);
        }
        assertThat(slice(limited.next(1, PLENTY))).isEqualTo("1/0");
        Work held = limited.next(2, PLENTY);
        assertThat(held)
                .isInstanceOfSatisfying(
                        Work.Pause.class, pause -> assertThat(pause.ns()).isBetween(99_000_000L, 101_000_000L));
        time.run(101_000_000L);
        assertThat(slice(limited.next(2, PLENTY))).isEqualTo("1/1");
        assertThat(limited.next(1, PLENTY)).isInstanceOf(Work.Pause.class);
    }

    @Test
    void sendsTheEndWhateverTheRate() throws Exception {
        SimulatedTime time = new SimulatedTime();
        Transmitter limited = new Transmitter(GEOMETRY, window, new Throttle(time, () -> 1024));
        PackImage image = acquire();
        for (int slice = 0; slice < 4; slice++) {
            limited.sliceReady(image, slice);
        }
        for (int slice = 0; slice < 4; slice++) {
            time.run(60_000_000_000L);
            takeSlice(limited);
        }
        limited.complete(image, new PackEntry(image.id(), 4 * S, Hash.ZERO), List.of());
        PackImage next = acquire();
        limited.sliceReady(next, 0);
        limited.sliceReady(next, 1);
        assertThat(limited.next(1, PLENTY)).isInstanceOf(Work.End.class);
        assertThat(limited.next(1, PLENTY)).isInstanceOf(Work.Pause.class);
    }

    @Test
    void sendsTheEndWithoutCredit() throws Exception {
        PackImage image = acquire();
        ready(image, 0, 1, 2, 3);
        complete(image, 4 * S);
        drain(1);
        transmitter.linkLost(1);
        transmitter.learnt(image.id(), PackPresence.RECEIVING, new byte[] {0x0f});
        assertThat(transmitter.next(2, 0)).isInstanceOf(Work.End.class);
    }

    @Test
    void holdsTheFirstSliceBackUntilItsLengthIsKnown() throws Exception {
        PackImage image = acquire();
        ready(image, 0);
        assertThat(transmitter.next(1, PLENTY)).isNull();
        ready(image, 1);
        assertThat(takeSlice(transmitter).length()).isEqualTo(S);
    }

    @Test
    void sendsAPackBelowOneSegmentAsOneShortSlice() throws Exception {
        PackGeometry wide = new PackGeometry(1 << 20, 4 << 20);
        Window images = new Window(wide.packBytes(), 0);
        Transmitter wideTransmitter = new Transmitter(wide, images, unlimited());
        PackImage image = new PackImage(new PackId(0, 9), images.acquire());
        wideTransmitter.sliceReady(image, 0);
        wideTransmitter.complete(image, new PackEntry(image.id(), 65_536, Hash.ZERO), List.of());
        Work.Slice slice = takeSlice(wideTransmitter);
        assertThat(slice.length()).isEqualTo(65_536);
        assertThat(slice.bytes().remaining()).isEqualTo(65_536);
    }

    @Test
    void sendsTheVeryBytesOfTheImage() throws Exception {
        PackImage image = acquire();
        image.buffer().putInt(S, 0xCAFE);
        ready(image, 0, 1);
        transmitter.next(1, PLENTY);
        Work.Slice slice = takeSlice(transmitter);
        ByteBuffer bytes = slice.bytes();
        assertThat(bytes.getInt(0)).isEqualTo(0xCAFE);
        image.buffer().putInt(S, 0xBEEF);
        assertThat(bytes.getInt(0)).as("a view, no copy").isEqualTo(0xBEEF);
    }

    @Test
    void resendsAfterALostConnectionOnlyWhatTheSiteLacks() throws Exception {
        PackImage image = acquire();
        ready(image, 0, 1, 2, 3);
        complete(image, 4 * S);
        transmitter.next(1, PLENTY);
        transmitter.next(2, PLENTY);
        transmitter.next(1, PLENTY);
        transmitter.next(1, PLENTY);
        transmitter.linkLost(1);
        assertThat(transmitter.next(2, PLENTY))
                .as("in doubt until the site was asked")
                .isNull();
        assertThat(transmitter.doubted()).containsExactly(image.id());
        transmitter.learnt(image.id(), PackPresence.RECEIVING, new byte[] {0b0001});
        assertThat(slice(transmitter.next(2, PLENTY))).isEqualTo("1/2");
        assertThat(slice(transmitter.next(2, PLENTY))).isEqualTo("1/3");
        assertThat(transmitter.next(2, PLENTY)).isInstanceOf(Work.End.class);
        assertThat(transmitter.next(2, PLENTY)).isNull();
        assertThat(transmitter.counters().resentBytes()).isEqualTo(2 * S);
        assertThat(transmitter.counters().sentBytes()).isEqualTo(6 * S);
    }

    @Test
    void resendsEverythingToASiteThatForgotThePack() throws Exception {
        PackImage image = acquire();
        ready(image, 0, 1, 2, 3);
        complete(image, 4 * S);
        drain(1);
        transmitter.linkLost(1);
        transmitter.learnt(image.id(), PackPresence.RECEIVING, new byte[] {0x0f});
        drain(2);
        transmitter.linkLost(2);
        transmitter.learnt(image.id(), PackPresence.UNKNOWN, NOTHING);
        assertThat(drain(3)).isEqualTo(5);
        assertThat(transmitter.counters().resentBytes()).isEqualTo(4 * S);
    }

    @Test
    void keepsTheImageUntilItIsNotedAndNoConnectionReadsIt() throws Exception {
        PackImage image = acquire();
        ready(image, 0, 1, 2, 3);
        complete(image, 4 * S);
        Work.Slice held = takeSlice(transmitter);
        for (int i = 1; i < 4; i++) {
            Work.Slice slice = takeSlice(transmitter);
            transmitter.written(slice);
        }
        OutboundPack pack = Objects.requireNonNull(transmitter.durable(image.id()));
        assertThat(window.used()).isEqualTo(1);
        transmitter.settled(pack);
        assertThat(window.used()).as("a connection still reads a slice").isEqualTo(1);
        transmitter.written(held);
        assertThat(window.used()).isZero();
    }

    @Test
    void acknowledgesAPackOnce() throws Exception {
        PackImage image = acquire();
        ready(image, 0, 1, 2, 3);
        complete(image, 4 * S);
        drain(1);
        assertThat(transmitter.durable(image.id())).isNotNull();
        assertThat(transmitter.durable(image.id())).isNull();
        assertThat(transmitter.learnt(image.id(), PackPresence.DURABLE, NOTHING))
                .isNull();
        assertThat(transmitter.durable(new PackId(7, 7))).isNull();
        assertThat(transmitter.counters().durableBytes()).isEqualTo(4 * S);
    }

    @Test
    void learnsFromTheStatusThatAPackIsDurableThoughItsAcknowledgementWasLost() throws Exception {
        PackImage image = acquire();
        ready(image, 0, 1, 2, 3);
        complete(image, 4 * S);
        drain(1);
        transmitter.linkLost(1);
        OutboundPack pack = Objects.requireNonNull(transmitter.learnt(image.id(), PackPresence.DURABLE, NOTHING));
        assertThat(transmitter.next(2, PLENTY)).isNull();
        assertThat(transmitter.doubted()).isEmpty();
        transmitter.settled(pack);
        transmitter.awaitSettled();
    }

    @Test
    void refusesAnAcknowledgementOfAPackThatIsNotComplete() throws Exception {
        PackImage image = acquire();
        ready(image, 0, 1);
        assertThatThrownBy(() -> transmitter.durable(image.id()))
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.PROTOCOL));
    }

    @Test
    void refusesSlicesAndCompletionsThatContradict() throws Exception {
        PackImage image = acquire();
        ready(image, 0, 1);
        assertThatThrownBy(() -> ready(image, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> complete(image, 4 * S)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> complete(acquire(), 4 * S)).isInstanceOf(IllegalStateException.class);
        ready(image, 2, 3);
        complete(image, 4 * S);
        assertThatThrownBy(() -> complete(image, 4 * S)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void endsEveryWaitWithTheFaultOfTheSession() throws Exception {
        PackImage image = acquire();
        ready(image, 0, 1, 2, 3);
        complete(image, 4 * S);
        transmitter.fail(new FaultException(Fault.INTEGRITY, "bad root"));
        assertThatThrownBy(transmitter::awaitSettled)
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.INTEGRITY));
        assertThatThrownBy(() -> ready(acquireUnchecked(), 0)).isInstanceOf(FaultException.class);
        assertThat(transmitter.next(1, PLENTY)).isNull();
    }

    @Test
    void wakesConnectionsWheneverThereIsSomethingNew() throws Exception {
        int[] wakes = {0};
        transmitter.onWork(() -> wakes[0]++);
        PackImage image = acquire();
        ready(image, 0, 1, 2, 3);
        complete(image, 4 * S);
        assertThat(wakes[0]).isEqualTo(5);
        drain(1);
        transmitter.linkLost(1);
        transmitter.learnt(image.id(), PackPresence.UNKNOWN, NOTHING);
        assertThat(wakes[0]).isEqualTo(6);
    }

    private PackImage acquire() throws FaultException, InterruptedException {
        return new PackImage(new PackId(0, nextId++), window.acquire());
    }

    private PackImage acquireUnchecked() {
        return new PackImage(new PackId(0, nextId++), ByteBuffer.allocateDirect(GEOMETRY.packBytes()));
    }

    private void ready(PackImage image, int... slices) throws FaultException {
        for (int slice : slices) {
            transmitter.sliceReady(image, slice);
        }
    }

    private void complete(PackImage image, int length) throws FaultException {
        transmitter.complete(image, new PackEntry(image.id(), length, Hash.ZERO), List.of());
    }

    private static Work.Slice takeSlice(Transmitter from) {
        return (Work.Slice) Objects.requireNonNull(from.next(1, PLENTY));
    }

    private int drain(int link) {
        int count = 0;
        for (Work work = transmitter.next(link, PLENTY); work != null; work = transmitter.next(link, PLENTY)) {
            if (work instanceof Work.Slice slice) {
                transmitter.written(slice);
            }
            count++;
        }
        return count;
    }

    private static String slice(@Nullable Work work) {
        return work instanceof Work.Slice slice
                ? slice.pack().image().id().low() + "/" + slice.index()
                : String.valueOf(work);
    }
}
