package sago.sender.backup;

import org.jspecify.annotations.Nullable;
import sago.sender.upload.UploadProgress;
import sago.sender.upload.Waiting;

/**
 * A backup at one moment. Byte counts are cumulative; whoever shows rates compares two of these. Immutable.
 *
 * @param filesSeen files that the walk found so far
 * @param bytesSeen their sizes
 * @param bytesDone of these, read, found unchanged, or finished by a run before: {@code bytesDone / bytesSeen} once the walk has ended
 * @param walkEnded whether {@code filesSeen} and {@code bytesSeen} are final
 * @param filesFinished passed without being opened, because a run that was cut off had finished them
 * @param bytesFinished of these, and of finished parts of large files
 * @param bytesRead file bytes that were really read
 * @param newBytes of chunks that were not stored before, as read
 * @param stored of these, after compression
 * @param unreadable entries that could not be read, changed meanwhile or vanished
 * @param waiting what it waits for instead of going on; null while it works
 * @param upload the session; null until it is open
 */
public record BackupProgress(
        long elapsedNs,
        long filesSeen,
        long bytesSeen,
        long bytesDone,
        boolean walkEnded,
        long filesFinished,
        long bytesFinished,
        long filesRead,
        long bytesRead,
        long newBytes,
        Stored stored,
        long unreadable,
        Bottleneck bottleneck,
        @Nullable Waiting waiting,
        @Nullable UploadProgress upload) {
    /** What holds the backup back now. */
    public enum Bottleneck {
        SOURCE,
        CPU,
        NETWORK,
        RECEIVER,
        /** Somebody limited the rate. */
        LIMIT
    }

    /** Bytes of chunks by how they are stored. */
    public record Stored(long raw, long lz4, long zstd) {}

    /** After compression, whatever the codec. */
    public long storedBytes() {
        return stored.raw + stored.lz4 + stored.zstd;
    }

    /** Bytes that the site acknowledged. */
    public long ackedBytes() {
        return upload == null ? 0 : upload.durableBytes();
    }
}
