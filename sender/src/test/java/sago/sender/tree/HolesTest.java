package sago.sender.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sago.common.limits.Limits;

class HolesTest {
    @Test
    void mapsEveryByteOfTheDataToItsPlaceInTheFile() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            List<Hole> list = new ArrayList<>();
            List<Long> places = new ArrayList<>();
            long at = 0;
            for (int i = random.nextInt(8); i >= 0; i--) {
                for (int data = random.nextInt(6) + (list.isEmpty() ? 0 : 1); data > 0; data--) {
                    places.add(at++);
                }
                list.add(new Hole(at, 1 + random.nextInt(5)));
                at = list.get(list.size() - 1).end();
            }
            Holes holes = Holes.of(list);

            assertThat(holes.list()).isEqualTo(list);
            assertThat(holes.bytes() + places.size()).isEqualTo(at);
            assertThat(holes.end()).isEqualTo(at);
            assertThat(holes.toFile(places.size())).isEqualTo(at);
            for (int from = 0; from < places.size(); from++) {
                assertThat(holes.toFile(from)).isEqualTo(places.get(from));
                int length = random.nextInt(places.size() - from + 1);
                assertThat(expanded(holes.extents(from, length))).isEqualTo(places.subList(from, from + length));
            }
        }
    }

    @Test
    void withoutHolesDataIsTheFile() {
        assertThat(Holes.NONE.toFile(7)).isEqualTo(7);
        assertThat(Holes.NONE.extents(7, 5)).containsExactly(new Extent(7, 5));
        assertThat(Holes.NONE.extents(7, 0)).isEmpty();
        assertThat(Holes.of(List.of())).isSameAs(Holes.NONE);
    }

    @Test
    void refusesHolesThatTouchOverlapOrAreTooMany() {
        assertThatThrownBy(() -> Holes.of(List.of(new Hole(0, 5), new Hole(5, 5))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Holes.of(List.of(new Hole(9, 5), new Hole(0, 5))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Hole(1, Long.MAX_VALUE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Hole(0, 0)).isInstanceOf(IllegalArgumentException.class);
        List<Hole> many = new ArrayList<>();
        for (int i = 0; i <= Limits.HOLES_MAX; i++) {
            many.add(new Hole(2L * i, 1));
        }
        assertThatThrownBy(() -> Holes.of(many)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anEntryIsCompleteWithItsHoles() {
        Entry file = Entry.of(TestEntries.key("/a"), TestEntries.attributes(EntryKind.FILE, 0644, 100));

        assertThat(file.isComplete()).isFalse();
        assertThat(file.withContent(FileContent.EMPTY, Holes.of(List.of(new Hole(0, 100))))
                        .isComplete())
                .isTrue();
        assertThatThrownBy(() -> file.withContent(FileContent.EMPTY, Holes.of(List.of(new Hole(1, 100)))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<Long> expanded(List<Extent> extents) {
        List<Long> places = new ArrayList<>();
        for (Extent extent : extents) {
            for (long i = 0; i < extent.length(); i++) {
                places.add(extent.offset() + i);
            }
        }
        return places;
    }

    @Test
    void keepsOfAFileThatEndedEarlierTheHolesBeforeItsLastByte() {
        Holes holes = Holes.of(List.of(new Hole(0, 10), new Hole(30, 5), new Hole(50, 100)));
        assertThat(holes.before(35)).isEqualTo(Holes.of(List.of(new Hole(0, 10), new Hole(30, 5))));
        assertThat(holes.before(21)).isEqualTo(Holes.of(List.of(new Hole(0, 10), new Hole(30, 5))));
        assertThat(holes.before(20)).isEqualTo(Holes.of(List.of(new Hole(0, 10))));
        assertThat(holes.before(0)).isEqualTo(Holes.NONE);
        assertThat(holes.before(36)).isEqualTo(holes);
    }

    @Test
    void alignsHolesInwardsButLetsTheLastOneReachTheEnd() {
        Holes holes = Holes.of(List.of(new Hole(0, 10), new Hole(15, 30), new Hole(61, 2), new Hole(95, 8)));
        assertThat(holes.alignedTo(10, 103))
                .isEqualTo(Holes.of(List.of(new Hole(0, 10), new Hole(20, 20), new Hole(100, 3))));
        assertThat(holes.alignedTo(10, 110)).isEqualTo(Holes.of(List.of(new Hole(0, 10), new Hole(20, 20))));
    }
}
