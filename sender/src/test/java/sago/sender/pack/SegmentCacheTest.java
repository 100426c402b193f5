package sago.sender.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.sender.pack.SegmentCache.Segment;

class SegmentCacheTest {
    private static final PackId PACK = new PackId(1, 1);

    @Test
    void givesASegmentToOneFetcherOnly() {
        SegmentCache cache = new SegmentCache(1000);
        List<Segment> mine = new ArrayList<>();
        List<Segment> yours = new ArrayList<>();
        assertThat(cache.pin(PACK, 2, 3, mine)).containsExactly(2, 3, 4);
        assertThat(cache.claim(PACK, 4, 2, 10)).containsExactly(5);
        assertThat(cache.pin(PACK, 3, 4, yours)).containsExactly(6);
        assertThat(yours.get(0)).isSameAs(mine.get(1));
        assertThat(yours.get(0).opened()).isNotDone();
        cache.settle(PACK, 3, new byte[12], 10);
        assertThat(yours.get(0).opened()).isCompletedWithValue(mine.get(1));
        assertThat(yours.get(0).length()).isEqualTo(10);
    }

    @Test
    void dropsTheLeastRecentlyUsedWhenItsBudgetIsSpent() {
        SegmentCache cache = new SegmentCache(250);
        fill(cache, 0, 2);
        cache.unpin(pinned(cache, 0));
        fill(cache, 2, 1);
        assertThat(claimed(cache, 0, 4))
                .as("0 was used last, 3 was never there")
                .containsExactly(1, 3);
        assertThat(cache.bytes()).isLessThanOrEqualTo(250);
    }

    @Test
    void leavesWhatSomebodyReadsAloneAndUsesTheArrayOfWhatNobodyReadsAgain() {
        SegmentCache cache = new SegmentCache(250);
        fill(cache, 0, 1);
        Segment reader = pinned(cache, 0);
        byte[] read = reader.bytes();
        fill(cache, 1, 1);
        Segment other = pinned(cache, 1);
        byte[] unread = other.bytes();
        cache.unpin(other);
        fill(cache, 2, 1);
        assertThat(claimed(cache, 0, 2)).containsExactly(1);
        assertThat(cache.room(100)).isSameAs(unread);
        assertThat(cache.room(100)).isNotSameAs(read);
        assertThat(reader.bytes()).isSameAs(read);

        cache.unpin(reader);
        fill(cache, 3, 2);
        assertThat(claimed(cache, 0, 1)).containsExactly(0);
        assertThatThrownBy(() -> cache.unpin(reader)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void mayHoldMoreThanItsBudgetWhileAllOfItIsRead() {
        SegmentCache cache = new SegmentCache(50);
        List<Segment> pinned = new ArrayList<>();
        assertThat(cache.pin(PACK, 0, 3, pinned)).containsExactly(0, 1, 2);
        for (int i = 0; i < 3; i++) {
            cache.settle(PACK, i, new byte[100], 100);
        }
        assertThat(pinned).allSatisfy(segment -> assertThat(segment.bytes()).hasSize(100));
        pinned.forEach(cache::unpin);
        cache.pin(PACK, 9, 1, pinned);
        cache.settle(PACK, 9, new byte[40], 40);
        assertThat(cache.bytes()).isEqualTo(40);
    }

    @Test
    void whatIsFetchedAheadStaysUntilItIsReadAndTakesHalfTheBudgetAtMost() {
        SegmentCache cache = new SegmentCache(400);
        assertThat(cache.claim(PACK, 50, 9, 100)).containsExactly(50, 51);
        assertThat(cache.claim(PACK, 60, 1, 100)).as("no room").isEmpty();
        cache.settle(PACK, 50, new byte[100], 100);
        cache.settle(PACK, 51, new byte[100], 100);

        fill(cache, 0, 9);

        Segment first = pinned(cache, 50);
        assertThat(first.isThere()).isTrue();
        assertThat(cache.claim(PACK, 60, 9, 100)).as("one was read").containsExactly(60);
        cache.fail(PACK, List.of(60), null);
        assertThat(cache.claim(PACK, 70, 9, 100))
                .as("a failed one takes no room")
                .containsExactly(70);
        cache.unpin(first);
        assertThat(pinned(cache, 51).isThere()).isTrue();
    }

    @Test
    void whatNobodyComesForMakesRoomInTheEnd() {
        SegmentCache cache = new SegmentCache(400);
        assertThat(cache.claim(PACK, 50, 3, 100)).containsExactly(50, 51);
        cache.settle(PACK, 50, new byte[100], 100);
        cache.settle(PACK, 51, new byte[100], 100);

        fill(cache, 0, 16);
        assertThat(cache.claim(PACK, 60, 1, 100)).as("not yet").isEmpty();
        fill(cache, 16, 4);
        assertThat(cache.claim(PACK, 60, 3, 100)).containsExactly(60, 61);
    }

    @Test
    void whoWaitsForAFailedFetchGetsItsFaultAndTheNextOneTriesAnew() {
        SegmentCache cache = new SegmentCache(250);
        cache.claim(PACK, 0, 2, 10);
        cache.settle(PACK, 0, new byte[10], 10);
        Segment waiting = pinned(cache, 1);
        cache.fail(PACK, List.of(0, 1), new FaultException(Fault.CONNECTION_LOST, "cut"));
        assertThat(waiting.opened()).isCompletedExceptionally();
        cache.unpin(waiting);
        assertThat(claimed(cache, 0, 2)).as("0 was settled before").containsExactly(1);
    }

    /** Has these read, 100 bytes each. */
    private static void fill(SegmentCache cache, int first, int count) {
        for (int i = first; i < first + count; i++) {
            List<Segment> pinned = new ArrayList<>();
            assertThat(cache.pin(PACK, i, 1, pinned)).containsExactly(i);
            cache.settle(PACK, i, cache.room(100), 100);
            cache.unpin(pinned.get(0));
        }
    }

    private static List<Integer> claimed(SegmentCache cache, int first, int count) {
        return cache.claim(PACK, first, count, 10);
    }

    private static Segment pinned(SegmentCache cache, int segment) {
        List<Segment> pinned = new ArrayList<>();
        assertThat(cache.pin(PACK, segment, 1, pinned)).isEmpty();
        return pinned.get(0);
    }
}
