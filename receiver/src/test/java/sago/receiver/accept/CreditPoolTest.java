package sago.receiver.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class CreditPoolTest {
    private static final long MIN = CreditPool.WINDOW_BYTES_MIN;
    private static final int FRAME = 256 << 10;

    /** A client that keeps count of its credit. */
    private static final class Counter {
        final CreditPool.Line line;
        long total;
        long sent;

        Counter(CreditPool pool) {
            line = pool.join(granted -> {
                assertThat(granted).isGreaterThan(total);
                total = granted;
            });
            line.start();
        }

        long left() {
            return total - sent;
        }

        void send(int bytes) {
            assertThat(line.receive(bytes)).isTrue();
            sent += bytes;
        }
    }

    @Test
    void beginsWithOneFrameAndGrowsWithUse() {
        CreditPool pool = new CreditPool(64 << 20);
        Counter client = new Counter(pool);
        assertThat(client.left()).isEqualTo(MIN);
        for (int i = 0; i < 1000; i++) {
            client.send(FRAME);
            client.line.settle(FRAME);
        }
        assertThat(client.left()).isBetween(CreditPool.WINDOW_BYTES_MAX / 2, CreditPool.WINDOW_BYTES_MAX);
    }

    @Test
    void doesNotTakeWhatWasNotGranted() {
        CreditPool pool = new CreditPool(64 << 20);
        Counter client = new Counter(pool);
        assertThat(client.line.receive((int) MIN + 1)).isFalse();
        client.send((int) MIN);
        assertThat(client.line.receive(1)).isFalse();
        client.line.settle((int) MIN);
        assertThat(client.line.receive(1)).isTrue();
    }

    @Test
    void neverGrantsMoreThanTheBudgetInAll() {
        long budget = 8 << 20;
        CreditPool pool = new CreditPool(budget);
        long seed = 42;
        Random random = new Random(seed);
        List<Counter> clients = new ArrayList<>();
        List<Runnable> unsettled = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            int what = random.nextInt(100);
            if (what < 2 && clients.size() < 20) {
                clients.add(new Counter(pool));
            } else if (what < 3 && !clients.isEmpty()) {
                clients.remove(random.nextInt(clients.size())).line.close();
            } else if (what < 60 && !clients.isEmpty()) {
                Counter client = clients.get(random.nextInt(clients.size()));
                int bytes = (int) Math.min(client.left(), 1 + random.nextInt(FRAME));
                if (bytes > 0) {
                    client.send(bytes);
                    unsettled.add(() -> client.line.settle(bytes));
                }
            } else if (!unsettled.isEmpty()) {
                unsettled.remove(random.nextInt(unsettled.size())).run();
            }
            assertThat(pool.outstandingBytes())
                    .as("seed %d, step %d", seed, step)
                    .isBetween(0L, budget);
        }
        unsettled.forEach(Runnable::run);
        clients.forEach(client -> client.line.close());
        assertThat(pool.outstandingBytes()).isZero();
    }

    @Test
    void letsNewcomersInWhileOthersSitOnTheirCredit() {
        CreditPool pool = new CreditPool(64 << 20);
        for (int i = 0; i < 4; i++) {
            Counter busy = new Counter(pool);
            for (int n = 0; n < 1000; n++) {
                busy.send(FRAME);
                busy.line.settle(FRAME);
            }
        }
        for (int i = 0; i < 10; i++) {
            assertThat(new Counter(pool).left()).isEqualTo(MIN);
        }
    }

    @Test
    void grantsNothingWhilePaused() {
        CreditPool pool = new CreditPool(64 << 20);
        Counter client = new Counter(pool);
        pool.pause();
        client.send(FRAME);
        client.send(FRAME);
        client.line.settle(2 * FRAME);
        assertThat(client.total).isEqualTo(MIN);
        Counter late = new Counter(pool);
        assertThat(late.total).isZero();
        pool.resume();
        assertThat(client.left()).isEqualTo(MIN);
        assertThat(late.left()).isEqualTo(MIN);
    }

    @Test
    void givesBackWhatAClosedConnectionMayNotSendAnyMore() {
        CreditPool pool = new CreditPool(64 << 20);
        Counter client = new Counter(pool);
        client.send(FRAME);
        client.line.close();
        assertThat(pool.outstandingBytes()).isEqualTo(FRAME);
        client.line.settle(FRAME);
        assertThat(pool.outstandingBytes()).isZero();
        client.line.close();
        assertThat(pool.outstandingBytes()).isZero();
    }

    @Test
    void refusesABudgetBelowOneFrame() {
        assertThatThrownBy(() -> new CreditPool(MIN - 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
