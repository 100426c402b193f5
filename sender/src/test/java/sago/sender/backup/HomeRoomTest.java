package sago.sender.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.time.Clock;
import sago.sender.upload.UploadPlan;
import sago.sender.upload.Waiting;

class HomeRoomTest {
    private static final long A_MOMENT_NS = 1000;

    private final AtomicLong nowNs = new AtomicLong();
    private final AtomicInteger tries = new AtomicInteger();
    private final Clock clock = new Clock() {
        @Override
        public long wallMs() {
            return 0;
        }

        @Override
        public long monotonicNs() {
            return nowNs.get();
        }
    };

    @Test
    void doesItAgainUntilThereIsRoom() throws Exception {
        HomeRoom room = room(UploadPlan.NEVER_NS);
        room.await(() -> {
            if (tries.incrementAndGet() < 5) {
                nowNs.addAndGet(TimeUnit.SECONDS.toNanos(3));
                throw tries.get() % 2 == 0 ? full() : new IOException("No space left on device");
            }
            Waiting waiting = Objects.requireNonNull(room.waiting());
            assertThat(waiting.text("sg")).isEqualTo("home disk is full: waiting for room");
            assertThat(waiting.forNs()).isEqualTo(TimeUnit.SECONDS.toNanos(9));
        });
        assertThat(tries).hasValue(5);
        assertThat(room.waiting()).isNull();
    }

    @Test
    void doesNotWaitForWhatRoomDoesNotCure() {
        HomeRoom room = room(UploadPlan.NEVER_NS);
        assertThatThrownBy(() -> room.await(() -> {
                    throw new FaultException(Fault.INTEGRITY, "damaged");
                }))
                .extracting("fault")
                .isEqualTo(Fault.INTEGRITY);
        assertThatThrownBy(() -> room.await(() -> {
                    throw new IOException("Input/output error");
                }))
                .extracting("fault")
                .isEqualTo(Fault.DISK);
    }

    @Test
    void givesUpInTime() {
        HomeRoom room = room(TimeUnit.SECONDS.toNanos(10));
        assertThatThrownBy(() -> room.await(() -> {
                    tries.incrementAndGet();
                    nowNs.addAndGet(TimeUnit.SECONDS.toNanos(3));
                    throw full();
                }))
                .hasMessageContaining("the home disk is full")
                .extracting("fault")
                .isEqualTo(Fault.INTERRUPTED);
        assertThat(tries).hasValue(5);
    }

    @Test
    void nobodyWaitsOnceItIsClosed() {
        HomeRoom room = new HomeRoom(clock, new Patience(TimeUnit.DAYS.toNanos(1), UploadPlan.NEVER_NS));
        assertThatThrownBy(() -> room.await(() -> {
                    room.close();
                    throw full();
                }))
                .extracting("fault")
                .isEqualTo(Fault.HOME_FULL);
    }

    @Test
    void anInterruptionEndsTheWaitAndIsKept() {
        HomeRoom room = new HomeRoom(clock, new Patience(TimeUnit.DAYS.toNanos(1), UploadPlan.NEVER_NS));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> room.await(() -> {
                    throw full();
                }))
                .extracting("fault")
                .isEqualTo(Fault.INTERRUPTED);
        assertThat(Thread.interrupted()).isTrue();
    }

    private HomeRoom room(long giveUpAfterNs) {
        return new HomeRoom(clock, new Patience(A_MOMENT_NS, giveUpAfterNs));
    }

    private static FaultException full() {
        return new FaultException(Fault.HOME_FULL, "full");
    }
}
