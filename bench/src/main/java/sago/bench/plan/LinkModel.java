package sago.bench.plan;

import sago.common.limits.Limits;

/**
 * A link from home to a site.
 *
 * @param bytesPerS that it carries, headers of TCP and TLS taken off
 * @param rttS round trip
 * @param streamWindow bytes of one connection that may be under way
 * @param streams connections; {@link #STREAMS_AS_NEEDED} if as many as the link needs
 * @param source where the figures come from
 */
record LinkModel(Range bytesPerS, double rttS, Range streamWindow, int streams, String source) {
    /** In place of a number of connections. */
    static final int STREAMS_AS_NEEDED = 0;

    /** Ciphertext that a sender holds until it is durable at the site. */
    static final double SESSION_WINDOW_BYTES = 6.0 * Limits.PACK_BYTES;

    /** One MSS of 1448 bytes is 1538 bytes on Ethernet, and TLS adds 22 to each 16 KiB; up to a tenth less where the line has more layers. */
    static final Range PAYLOAD_SHARE = new Range(0.85, 0.94, 0.941);

    /** A pack waits for the journal's force at the site, besides the round trip. */
    private static final double FORCE_S = 0.05;

    LinkModel {
        if (bytesPerS.low() <= 0) {
            throw new IllegalArgumentException("--mbit must be more than 0: nothing moves over a link without a rate");
        }
        if (!(0 <= rttS && rttS <= 60)) {
            throw new IllegalArgumentException("--rtt must be from 0 to 60000 ms");
        }
        if (streamWindow.low() <= 0) {
            throw new IllegalArgumentException("--stream-window must be more than 0 MiB");
        }
        if (streams < 0 || streams > Limits.CONNECTIONS_PER_SESSION_MAX) {
            throw new IllegalArgumentException("--streams must be from 1 to " + Limits.CONNECTIONS_PER_SESSION_MAX);
        }
    }

    /** Connections whose windows cover what the line holds, the smallest windows assumed. */
    int streamsNeeded() {
        double needed = Math.ceil(bytesPerS.mid() * rttS / streamWindow.mid());
        return (int) Math.max(1, Math.min(Limits.CONNECTIONS_PER_SESSION_MAX, needed));
    }

    int streamsUsed() {
        return streams > 0 ? streams : streamsNeeded();
    }

    /** Bytes per second that the windows of the connections and of the session allow. */
    Range windowRate() {
        if (rttS == 0) {
            return Range.exactly(SESSION_WINDOW_BYTES / FORCE_S);
        }
        Range connections = streamWindow.times(streamsUsed() / rttS);
        return connections.min(Range.exactly(SESSION_WINDOW_BYTES / (rttS + FORCE_S)));
    }
}
