package sago.sender.backup;

import java.security.SecureRandom;
import sago.common.pack.PackGeometry;
import sago.common.time.Clock;
import sago.sender.chunk.ChunkerParameters;
import sago.sender.compress.Compression;
import sago.sender.seal.AeadProvider;

/**
 * With what a backup works.
 *
 * @param random the kernel's outside tests: session keys and IVs come from it
 * @param workers threads that read, chunk, compress and seal: one per core
 * @param geometry of packs, the same that the target's session uses
 * @param regionBytes length of the pieces in which large files are read by several workers. A region's end always ends a chunk, so that
 *     cut points depend on the file alone and not on who reads it
 * @param repackBytesMax live bytes of packs less than half alive that a run may move to new packs
 * @param compression of new chunks
 */
public record BackupMeans(
        AeadProvider aeads,
        SecureRandom random,
        Clock clock,
        int workers,
        ChunkerParameters chunker,
        PackGeometry geometry,
        long regionBytes,
        Patience patience,
        long repackBytesMax,
        Compression compression) {
    /** A quarter of an hour of reading and a few hours of a slow link at the most. */
    public static final long REPACK_BYTES = 1L << 30;

    /** Large enough that forced cuts hardly cost deduplication, small enough that files of a few hundred MiB keep every core busy. */
    public static final long REGION_BYTES = 64 << 20;

    public BackupMeans {
        if (repackBytesMax < 0) {
            throw new IllegalArgumentException("repack at most " + repackBytesMax + " bytes");
        }
        if (workers < 1 || regionBytes < chunker.maxBytes()) {
            throw new IllegalArgumentException(workers + " workers, regions of " + regionBytes + " bytes");
        }
    }

    /** The usual parameters. */
    public static BackupMeans of(AeadProvider aeads, SecureRandom random, Clock clock, int workers, Patience patience) {
        return new BackupMeans(
                aeads,
                random,
                clock,
                workers,
                ChunkerParameters.DEFAULT,
                PackGeometry.DEFAULT,
                REGION_BYTES,
                patience,
                REPACK_BYTES,
                Compression.AUTO);
    }

    /** The same with another budget for packs less than half alive. */
    public BackupMeans withRepackBytesMax(long bytes) {
        return new BackupMeans(
                aeads, random, clock, workers, chunker, geometry, regionBytes, patience, bytes, compression);
    }

    /** The same with another compression. */
    public BackupMeans withCompression(Compression other) {
        return new BackupMeans(
                aeads, random, clock, workers, chunker, geometry, regionBytes, patience, repackBytesMax, other);
    }
}
