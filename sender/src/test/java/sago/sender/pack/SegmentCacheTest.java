package sago.sender.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;

class SegmentCacheTest {
    private static final PackId PACK = new PackId(1, 1);

    @Test
    void givesASegmentToOneFetcherOnly() {
        SegmentCache cache = new SegmentCache(1000);
        assertThat(cache.claim(PACK, 2, 3, 0)).containsExactly(2, 3, 4);
        assertThat(cache.claim(PACK, 3, 3, 0)).containsExactly(5);
        CompletableFuture<byte[]> waiting = cache.get(PACK, 3);
        assertThat(waiting).isNotDone();
        cache.settle(PACK, 3, new byte[10]);
        assertThat(waiting).isCompletedWithValueMatching(plain -> plain.length == 10);
    }

    @Test
    void fetchesAheadOnlyWithSomethingWantedAndOnlyToTheFirstThatIsThere() {
        SegmentCache cache = new SegmentCache(1000);
        assertThat(cache.claim(PACK, 5, 1, 0)).containsExactly(5);
        assertThat(cache.claim(PACK, 5, 1, 4)).isEmpty();
        assertThat(cache.claim(PACK, 3, 1, 4)).containsExactly(3, 4);
        assertThat(cache.claim(PACK, 0, 1, 2)).containsExactly(0, 1, 2);
    }

    @Test
    void dropsTheLeastRecentlyUsedWhenItsBudgetIsSpent() {
        SegmentCache cache = new SegmentCache(250);
        cache.claim(PACK, 0, 4, 0);
        cache.settle(PACK, 0, new byte[100]);
        cache.settle(PACK, 1, new byte[100]);
        assertThat(cache.get(PACK, 0)).isDone();
        cache.settle(PACK, 2, new byte[100]);
        assertThat(cache.get(PACK, 1)).isNull();
        assertThat(cache.get(PACK, 0)).isDone();
        assertThat(cache.get(PACK, 3)).as("claimed, so it stays").isNotDone();
        assertThat(cache.bytes()).isLessThanOrEqualTo(250);
    }

    @Test
    void whoWaitsForAFailedFetchGetsItsFaultAndTheNextOneTriesAnew() {
        SegmentCache cache = new SegmentCache(250);
        cache.claim(PACK, 0, 2, 0);
        cache.settle(PACK, 0, new byte[10]);
        CompletableFuture<byte[]> waiting = cache.get(PACK, 1);
        cache.fail(PACK, List.of(0, 1), new FaultException(Fault.CONNECTION_LOST, "cut"));
        assertThat(waiting).isCompletedExceptionally();
        assertThat(cache.get(PACK, 0)).as("was settled before").isDone();
        assertThat(cache.claim(PACK, 0, 2, 0)).containsExactly(1);
    }
}
