package sago.sender.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

@Timeout(20)
class WindowTest {
    private static final int IMAGE = 4096;

    @Test
    void holdsAsManyImagesAsItsBytesAllowButAtLeastTwo() {
        assertThat(new Window(IMAGE, 0).imagesMax()).isEqualTo(2);
        assertThat(new Window(IMAGE, IMAGE).imagesMax()).isEqualTo(2);
        assertThat(new Window(IMAGE, 3 * IMAGE - 1).imagesMax()).isEqualTo(2);
        assertThat(new Window(IMAGE, 3 * IMAGE).imagesMax()).isEqualTo(3);
        assertThat(new Window(IMAGE, 6 * IMAGE).imagesMax()).isEqualTo(6);
    }

    @Test
    void allocatesOnlyWhatIsNeededAtTheSameTime() throws Exception {
        Window window = new Window(IMAGE, 8 * IMAGE);
        for (int i = 0; i < 20; i++) {
            window.free(window.acquire());
        }
        assertThat(window.allocated()).isEqualTo(1);
        assertThat(window.used()).isZero();
    }

    @Test
    void givesDirectBuffersOfOneImageReadyToFill() throws Exception {
        Window window = new Window(IMAGE, 2 * IMAGE);
        ByteBuffer image = window.acquire();
        image.position(7).limit(9);
        window.free(image);
        ByteBuffer again = window.acquire();
        assertThat(again.isDirect()).isTrue();
        assertThat(again.remaining()).isEqualTo(IMAGE);
    }

    @Test
    void makesTheSealerWaitUntilAnImageIsFree() throws Exception {
        Window window = new Window(IMAGE, 2 * IMAGE);
        ByteBuffer first = window.acquire();
        window.acquire();
        CompletableFuture<ByteBuffer> third = CompletableFuture.supplyAsync(() -> acquire(window));
        while (!window.full()) {
            Thread.onSpinWait();
        }
        assertThat(third).isNotDone();
        window.free(first);
        assertThat(third.get(10, TimeUnit.SECONDS)).isSameAs(first);
        assertThat(window.full()).isFalse();
    }

    @Test
    void tellsTheFaultOfTheSessionToWhoeverWaitsNowOrLater() throws Exception {
        Window window = new Window(IMAGE, 2 * IMAGE);
        window.acquire();
        window.acquire();
        CompletableFuture<ByteBuffer> third = CompletableFuture.supplyAsync(() -> acquire(window));
        while (!window.full()) {
            Thread.onSpinWait();
        }
        window.fail(new FaultException(Fault.POLICY, "no"));
        window.fail(new FaultException(Fault.DISK, "too late"));
        assertThatThrownBy(third::get).hasRootCauseInstanceOf(FaultException.class);
        assertThatThrownBy(window::acquire)
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.POLICY));
    }

    @Test
    void refusesAnImageThatIsFreedTwice() throws Exception {
        Window window = new Window(IMAGE, 2 * IMAGE);
        ByteBuffer image = window.acquire();
        window.free(image);
        assertThatThrownBy(() -> window.free(image)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void neverHandsOneImageToTwo() throws Exception {
        Window window = new Window(IMAGE, 4 * IMAGE);
        List<Thread> threads = new ArrayList<>();
        List<Throwable> errors = new ArrayList<>();
        for (int t = 0; t < 6; t++) {
            int mark = t + 1;
            Thread thread = new Thread(() -> {
                try {
                    for (int i = 0; i < 2000; i++) {
                        ByteBuffer image = window.acquire();
                        image.putInt(0, mark);
                        Thread.yield();
                        assertThat(image.getInt(0)).isEqualTo(mark);
                        window.free(image);
                    }
                } catch (Throwable e) {
                    synchronized (errors) {
                        errors.add(e);
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(errors).isEmpty();
        assertThat(window.used()).isZero();
        assertThat(window.allocated()).isLessThanOrEqualTo(4);
    }

    private static ByteBuffer acquire(Window window) {
        try {
            return window.acquire();
        } catch (FaultException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
