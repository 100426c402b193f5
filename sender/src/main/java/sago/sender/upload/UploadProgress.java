package sago.sender.upload;

import org.jspecify.annotations.Nullable;

/**
 * A session at one moment, for the progress bar and the meters. Immutable.
 *
 * @param sealedBytes of complete packs, cumulative
 * @param sentBytes of slices that were handed to a connection, those sent again included
 * @param resentBytes of slices that were sent again, and what the site gave up of sessions before this one when it was opened
 * @param durableBytes of packs that the site acknowledged
 * @param windowPacks packs that hold an image now
 * @param windowPacksMax images that there may be
 * @param connections that live
 * @param losses connections that were lost so far
 * @param rttMs shortest of the newest round trips; 0 while unknown
 * @param inflightBytes written and not yet granted again by the site
 * @param waiting what it waits for instead of moving bytes; null while it works
 */
public record UploadProgress(
        UploadState state,
        long sealedBytes,
        long sentBytes,
        long resentBytes,
        long durableBytes,
        long durablePacks,
        int windowPacks,
        int windowPacksMax,
        int connections,
        int losses,
        double rttMs,
        long inflightBytes,
        Bound bound,
        @Nullable Waiting waiting) {
    /** What holds the upload back. */
    public enum Bound {
        /** Nothing here: connections wait for sealed slices. */
        SOURCE,
        /** The sockets are full. */
        NETWORK,
        /** Somebody limited the rate. */
        LIMIT,
        /** The site grants no credit, or has yet to make packs durable. */
        RECEIVER,
        /** The site has no room. */
        SITE_FULL,
        /** No connection lives. */
        RECONNECTING
    }
}
