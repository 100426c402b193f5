package sago.sender.upload;

import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import sago.common.pack.PackGeometry;

/**
 * How an upload session goes about it.
 *
 * @param streams connections to the site
 * @param windowBytes of sealed packs that are not durable yet; at least two packs are held
 * @param giveUpAfterNs without any connection, or without room at the site, until the session ends with INTERRUPTED; {@link #NEVER_NS}: never
 * @param rate that all connections together keep to
 * @param random of pack ids and of the jitter of reconnecting
 */
public record UploadPlan(
        PackGeometry geometry,
        Streams streams,
        long windowBytes,
        long giveUpAfterNs,
        RateSource rate,
        SecureRandom random) {
    public static final long NEVER_NS = Long.MAX_VALUE;

    public UploadPlan {
        if (windowBytes < 0 || giveUpAfterNs < 0) {
            throw new IllegalArgumentException("window " + windowBytes + " bytes, give up after "
                    + TimeUnit.NANOSECONDS.toSeconds(giveUpAfterNs) + " s");
        }
    }

    /** The usual geometry, as many connections as pay; reconnects for ever. */
    public static UploadPlan of(long windowBytes, SecureRandom random) {
        return of(windowBytes, NEVER_NS, random);
    }

    /** The usual geometry, as many connections as pay. */
    public static UploadPlan of(long windowBytes, long giveUpAfterNs, SecureRandom random) {
        return new UploadPlan(
                PackGeometry.DEFAULT, Streams.AUTO, windowBytes, giveUpAfterNs, RateSource.UNLIMITED, random);
    }

    /** The same at this rate. */
    public UploadPlan withRate(RateSource newRate) {
        return new UploadPlan(geometry, streams, windowBytes, giveUpAfterNs, newRate, random);
    }

    /** The same with so many connections. */
    public UploadPlan withStreams(Streams newStreams) {
        return new UploadPlan(geometry, newStreams, windowBytes, giveUpAfterNs, rate, random);
    }
}
