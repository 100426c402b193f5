package sago.bench.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import sago.common.time.Clock;

class LinkLoadTest {
    private static final Clock CLOCK = Clock.system();
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @Test
    void measuresWhatARelayLetsThrough() throws Exception {
        Relay.Link link = new Relay.Link(20_000_000, TimeUnit.MILLISECONDS.toNanos(40));
        try (LinkServer server = LinkServer.start(ANY, 1, CLOCK);
                Relay relay = Relay.start(0, server.address(), link, CLOCK);
                LinkLoad load = new LinkLoad(relay.address(), 1, CLOCK)) {
            LinkLoad.Sample sample = load.run(2, 16 << 20, 1);
            assertThat(sample.rttS()).isGreaterThanOrEqualTo(0.04);
            assertThat(sample.setupS()).as("TCP and TLS").isGreaterThanOrEqualTo(0.04);
            // What is in the relay's memory when counting begins comes on top; a busy machine makes it less.
            assertThat(sample.bytesPerS()).isBetween(1.0, 40e6);
            assertThat(relay.toSiteBytes()).isGreaterThanOrEqualTo(sample.bytes());
        }
    }

    @Test
    void aWindowBoundsWhatIsUnderWay() throws Exception {
        Relay.Link link = new Relay.Link(1_000_000_000, TimeUnit.MILLISECONDS.toNanos(200));
        try (LinkServer server = LinkServer.start(ANY, 1, CLOCK);
                Relay relay = Relay.start(0, server.address(), link, CLOCK);
                LinkLoad load = new LinkLoad(relay.address(), 1, CLOCK)) {
            LinkLoad.Sample sample = load.run(1, 1 << 20, 1);
            assertThat(sample.bytesPerS()).isBetween(1.0, 1.5 * (1 << 20) / 0.2);
        }
    }

    @Test
    void saysThatNobodyListens() throws Exception {
        InetSocketAddress nobody;
        try (LinkServer server = LinkServer.start(ANY, 1, CLOCK)) {
            nobody = server.address();
        }
        try (LinkLoad load = new LinkLoad(nobody, 1, CLOCK)) {
            assertThatThrownBy(() -> load.run(1, 1 << 20, 1))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("link serve");
        }
    }

    @Test
    void aLineCarriesOneThingAfterTheOther() {
        LineRate line = new LineRate(1_000_000, CLOCK);
        long first = line.send(1_000);
        assertThat(line.send(500) - first).isEqualTo(TimeUnit.MICROSECONDS.toNanos(500));
    }
}
