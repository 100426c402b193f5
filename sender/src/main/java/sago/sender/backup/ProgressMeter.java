package sago.sender.backup;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sago.common.time.Clock;
import sago.sender.upload.UploadProgress;
import sago.sender.upload.Waiting;

/** Takes the progress of a run, and tells what holds it back since it was asked last. Thread-safe. */
final class ProgressMeter {
    private final BackupCounters counters;
    private final Clock clock;
    private final Supplier<@Nullable Waiting> waitingAtHome;
    private final long startedNs;
    private BackupTarget.@Nullable Session session;
    private boolean walkEnded;
    private long lastReadNs;
    private long lastWorkNs;
    private long lastIdleNs;
    private BackupProgress.Bottleneck last = BackupProgress.Bottleneck.SOURCE;

    /** @param waitingAtHome what is waited for outside of the session */
    ProgressMeter(BackupCounters counters, Clock clock, Supplier<@Nullable Waiting> waitingAtHome) {
        this.counters = counters;
        this.waitingAtHome = waitingAtHome;
        this.clock = clock;
        this.startedNs = clock.monotonicNs();
    }

    synchronized void opened(BackupTarget.Session opened) {
        session = opened;
    }

    synchronized void scanStarted() {
        walkEnded = false;
    }

    synchronized void scanEnded() {
        walkEnded = true;
    }

    synchronized BackupProgress now() {
        UploadProgress upload = session == null ? null : session.progress();
        Waiting waiting = waitingAtHome.get();
        return new BackupProgress(
                clock.monotonicNs() - startedNs,
                counters.filesSeen.sum(),
                counters.bytesSeen.sum(),
                counters.bytesUnchanged.sum()
                        + counters.bytesFinished.sum()
                        + counters.bytesHoles.sum()
                        + counters.bytesRead.sum(),
                walkEnded,
                counters.filesFinished.sum(),
                counters.bytesFinished.sum(),
                counters.filesRead.sum(),
                counters.bytesRead.sum(),
                counters.newBytes.sum(),
                counters.stored(),
                counters.troubles(),
                bottleneck(upload),
                waiting == null && upload != null ? upload.waiting() : waiting,
                upload);
    }

    /** A full window says that what is behind it is slow; otherwise the workers' own time tells. */
    private BackupProgress.Bottleneck bottleneck(@Nullable UploadProgress upload) {
        if (upload != null && (walkEnded || upload.windowPacks() >= upload.windowPacksMax())) {
            last = switch (upload.bound()) {
                case RECEIVER, SITE_FULL -> BackupProgress.Bottleneck.RECEIVER;
                case LIMIT -> BackupProgress.Bottleneck.LIMIT;
                case SOURCE, NETWORK, RECONNECTING -> BackupProgress.Bottleneck.NETWORK;
            };
            return last;
        }
        long readNs = counters.readNs.sum();
        long workNs = counters.workNs.sum();
        long idleNs = counters.idleNs.sum();
        long waiting = readNs - lastReadNs + idleNs - lastIdleNs;
        long working = workNs - lastWorkNs - (readNs - lastReadNs);
        if (waiting + working > 0) {
            last = waiting > working ? BackupProgress.Bottleneck.SOURCE : BackupProgress.Bottleneck.CPU;
        }
        lastReadNs = readNs;
        lastWorkNs = workNs;
        lastIdleNs = idleNs;
        return last;
    }
}
