package sago.sender.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.sender.pack.ChunkId;
import sago.sender.pack.ChunkRef;

@Timeout(60)
class PendingChunksTest {
    private static final ChunkId ID = ChunkId.of(new byte[32]);
    private static final ChunkRef REF = new ChunkRef(new PackId(1, 2), 3, 4, 5, 6);

    private final PendingChunks pending = new PendingChunks();
    private final AtomicInteger stored = new AtomicInteger();

    @Test
    void aChunkThatTwoWorkersMeetAtTheSameTimeIsStoredOnce() throws Exception {
        CountDownLatch storing = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        FutureTask<ChunkRef> first = new FutureTask<>(() -> pending.storeOnce(ID, () -> {
            stored.incrementAndGet();
            storing.countDown();
            mayEnd.await();
            return REF;
        }));
        FutureTask<ChunkRef> second = new FutureTask<>(() -> pending.storeOnce(ID, this::store));
        new Thread(first).start();
        storing.await();
        Thread waiting = new Thread(second);
        waiting.start();
        while (waiting.getState() != Thread.State.WAITING && !second.isDone()) {
            Thread.onSpinWait();
        }
        mayEnd.countDown();
        assertThat(first.get()).isEqualTo(REF);
        assertThat(second.get()).isEqualTo(REF);
        assertThat(stored).hasValue(1);
    }

    @Test
    void whatOneWorkerFailedToStoreAnotherStores() throws Exception {
        assertThatThrownBy(() -> pending.storeOnce(ID, () -> {
                    throw new FaultException(Fault.CONNECTION_LOST, "gone");
                }))
                .extracting("fault")
                .isEqualTo(Fault.CONNECTION_LOST);
        assertThat(pending.storeOnce(ID, this::store)).isEqualTo(REF);
        assertThat(pending.storeOnce(ID, this::store)).isEqualTo(REF);
        assertThat(stored).hasValue(1);
    }

    private ChunkRef store() {
        stored.incrementAndGet();
        return REF;
    }
}
