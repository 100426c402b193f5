package sago.sender.upload;

import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import sago.common.limits.Limits;
import sago.common.pack.PackGeometry;

/**
 * How an upload session goes about it.
 *
 * @param connections to the site
 * @param windowBytes of sealed packs that are not durable yet; at least two packs are held
 * @param giveUpAfterNs without any connection, or without room at the site, until the session ends with INTERRUPTED; {@link #NEVER_NS}: never
 * @param rate that all connections together keep to
 * @param random of pack ids and of the jitter of reconnecting
 */
public record UploadPlan(
        PackGeometry geometry,
        int connections,
        long windowBytes,
        long giveUpAfterNs,
        RateSource rate,
        SecureRandom random) {
    public static final int CONNECTIONS_DEFAULT = 4;
    public static final long NEVER_NS = Long.MAX_VALUE;

    public UploadPlan {
        if (connections < 1 || connections > Limits.CONNECTIONS_PER_SESSION_MAX) {
            throw new IllegalArgumentException("connections: " + connections);
        }
        if (windowBytes < 0 || giveUpAfterNs < 0) {
            throw new IllegalArgumentException("window " + windowBytes + " bytes, give up after "
                    + TimeUnit.NANOSECONDS.toSeconds(giveUpAfterNs) + " s");
        }
    }

    /** The usual geometry and number of connections; reconnects for ever. */
    public static UploadPlan of(long windowBytes, SecureRandom random) {
        return of(windowBytes, NEVER_NS, random);
    }

    /** The usual geometry and number of connections. */
    public static UploadPlan of(long windowBytes, long giveUpAfterNs, SecureRandom random) {
        return new UploadPlan(
                PackGeometry.DEFAULT, CONNECTIONS_DEFAULT, windowBytes, giveUpAfterNs, RateSource.UNLIMITED, random);
    }

    /** The same at this rate. */
    public UploadPlan withRate(RateSource newRate) {
        return new UploadPlan(geometry, connections, windowBytes, giveUpAfterNs, newRate, random);
    }
}
