package sago.bench.plan;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import sago.bench.result.ResultFiles;
import sago.common.limits.Limits;

/** What a user says of the link, or has measured of it. */
final class LinkOptions {
    @Option(names = "--link", paramLabel = "FILE", description = "A result of sago bench link.")
    private @Nullable Path link;

    @Option(names = "--rtt", paramLabel = "MS", description = "Round trip, where the link was not measured.")
    private @Nullable Double rttMs;

    @Option(
            names = "--mbit",
            paramLabel = "N",
            description = "Rate of the line in Mbit/s, where the link was not measured.")
    private @Nullable Double mbit;

    @Option(names = "--streams", paramLabel = "N", description = "Connections (default: as many as the link needs).")
    private @Nullable Integer streams;

    @Option(
            names = "--stream-window",
            paramLabel = "MIB",
            description = "That one connection may have under way (default 1.5 to 4).")
    private @Nullable Double windowMib;

    LinkModel model() throws IOException {
        int count = streams == null ? LinkModel.STREAMS_AS_NEEDED : streams;
        if (streams != null && (streams < 1 || streams > Limits.CONNECTIONS_PER_SESSION_MAX)) {
            throw new IllegalArgumentException("--streams must be from 1 to " + Limits.CONNECTIONS_PER_SESSION_MAX);
        }
        if (link != null) {
            if (rttMs != null || mbit != null) {
                throw new IllegalArgumentException("give --link, or --rtt with --mbit, not both");
            }
            return LinkReader.measured(ResultFiles.read(link), count, windowMib);
        }
        if (rttMs == null || mbit == null) {
            throw new IllegalArgumentException("say what the link is: --link FILE, or --rtt MS with --mbit N");
        }
        return LinkReader.given(rttMs, mbit, count, windowMib);
    }
}
