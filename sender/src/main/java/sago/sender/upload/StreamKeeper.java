package sago.sender.upload;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import sago.common.time.Clock;

/** Lets the {@link StreamTuner} look at the session, and as many connections work as it wants. Confined to the session's {@link Control}. */
final class StreamKeeper {
    /** Of TCP, as usual over distance. */
    private static final long SEGMENT_BYTES = 1448;

    private final Control control;
    private final Clock clock;
    private final StreamTuner tuner;
    private final Collection<UploadLink> links;
    private final LongSupplier sentBytes;
    private boolean stopped;

    /**
     * @param links those that live; borrowed
     * @param sentBytes that sockets took so far, cumulative
     */
    StreamKeeper(
            Control control, Clock clock, StreamTuner tuner, Collection<UploadLink> links, LongSupplier sentBytes) {
        this.control = control;
        this.clock = clock;
        this.tuner = tuner;
        this.links = links;
        this.sentBytes = sentBytes;
    }

    /** Connections that there shall be. */
    int wanted() {
        return tuner.wanted();
    }

    /** The site was reached; 0 says nothing about its distance. */
    void reached(long rttNs) {
        tuner.connected(clock.monotonicNs(), rttNs);
    }

    /** A connection joined the session or left it: as many as are wanted work, the oldest, the others rest. */
    void changed() {
        List<UploadLink> oldest =
                links.stream().sorted(Comparator.comparingInt(UploadLink::id)).toList();
        for (int i = 0; i < oldest.size(); i++) {
            oldest.get(i).rest(i >= tuner.wanted());
        }
    }

    /** Looks now and then until {@link #stop}; {@code grow} is run whenever more connections are wanted than before. */
    void watch(Runnable grow) {
        if (tuner.ticks() && !stopped) {
            control.schedule(() -> look(grow), StreamTuner.TICK_NS);
        }
    }

    void stop() {
        stopped = true;
    }

    private void look(Runnable grow) {
        int before = tuner.wanted();
        tuner.tick(tick());
        if (tuner.wanted() != before) {
            changed();
        }
        if (tuner.wanted() > before) {
            grow.run();
        }
        watch(grow);
    }

    private StreamTuner.Tick tick() {
        List<UploadLink.Stats> all = links.stream().map(UploadLink::stats).toList();
        List<UploadLink.Stats> working = all.stream()
                .filter(stats -> stats.waiting() != UploadLink.Waiting.REST)
                .toList();
        long onNetwork = working.stream()
                .filter(stats ->
                        stats.waiting() == UploadLink.Waiting.SOCKET || stats.waiting() == UploadLink.Waiting.NOTHING)
                .count();
        long[] roundTrips = working.stream()
                .mapToLong(stats -> stats.tcp().rttNs())
                .sorted()
                .toArray();
        long resent =
                all.stream().mapToLong(stats -> stats.tcp().resentSegments()).sum();
        return new StreamTuner.Tick(
                clock.monotonicNs(),
                sentBytes.getAsLong(),
                2 * onNetwork > working.size(),
                working.size(),
                roundTrips.length == 0 ? 0 : roundTrips[roundTrips.length / 2],
                resent * SEGMENT_BYTES);
    }
}
