package sago.sender.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import sago.common.fault.FaultException;
import sago.common.pack.PackGeometry;
import sago.common.proto.PackDurable;
import sago.common.proto.ReceiptIssued;
import sago.common.proto.SiteState;

class StreamKeeperTest {
    private static final long SECOND = 1_000_000_000L;

    private final SimulatedTime time = new SimulatedTime();
    private final SimulatedSite site = new SimulatedSite(
            time,
            new Random(1),
            PackGeometry.DEFAULT,
            new Transmitter(PackGeometry.DEFAULT, new Window(1, 1), TransmitterTest.unlimited()));
    private final List<UploadLink> links = new ArrayList<>();

    private StreamKeeper keeper(Streams streams) {
        return new StreamKeeper(time, time, new StreamTuner(streams), links, () -> time.monotonicNs() / 10);
    }

    private SimulatedSite.Link link(int id) {
        return site.new Link(id, new NoEvents());
    }

    private static final class NoEvents implements LinkEvents {
        @Override
        public void reached(long rttNs) {}

        @Override
        public void closed(UploadLink link, FaultException why) {}

        @Override
        public void durable(PackDurable acknowledgement) {}

        @Override
        public void receipt(ReceiptIssued receipt) {}

        @Override
        public void siteState(SiteState state) {}
    }

    @Test
    void theOldestWorkAndTheOthersRest() {
        SimulatedSite.Link first = link(1);
        SimulatedSite.Link second = link(2);
        SimulatedSite.Link third = link(3);
        links.addAll(List.of(third, first, second));
        StreamKeeper keeper = keeper(Streams.of(2));
        keeper.changed();
        assertThat(List.of(first.resting, second.resting, third.resting)).containsExactly(false, false, true);
        links.remove(first);
        keeper.changed();
        assertThat(third.resting).as("it takes the place of the first").isFalse();
    }

    @Test
    void aDoublingThatDoesNotPayLetsTheNewOnesRest() {
        StreamKeeper keeper = keeper(Streams.AUTO);
        keeper.reached(50_000_000);
        AtomicInteger grown = new AtomicInteger();
        Runnable dial = () -> {
            grown.incrementAndGet();
            while (links.size() < keeper.wanted()) {
                links.add(link(links.size() + 1));
            }
            keeper.changed();
        };
        dial.run();
        keeper.watch(dial);
        time.run(5 * SECOND);
        assertThat(links).hasSize(8);
        time.run(60 * SECOND);
        assertThat(keeper.wanted()).isEqualTo(4);
        assertThat(links.stream().filter(link -> link.stats().waiting() == UploadLink.Waiting.REST))
                .hasSize(4);
        assertThat(grown.get()).isEqualTo(2);
    }
}
