package sago.sender.upload;

/** Takes the snapshot of a session that {@link UploadProgress} is. Stateless; any thread. */
final class Progress {
    private static final double NS_PER_MS = 1e6;

    private Progress() {}

    static UploadProgress of(SessionControl control, Transmitter transmitter, Window window) {
        Transmitter.Counters bytes = transmitter.counters();
        int connections = 0;
        int onSocket = 0;
        int onCredit = 0;
        int onLimit = 0;
        long rttNs = 0;
        long inflight = 0;
        for (UploadLink link : control.links()) {
            UploadLink.Stats stats = link.stats();
            connections++;
            onSocket += stats.waiting() == UploadLink.Waiting.SOCKET ? 1 : 0;
            onCredit += stats.waiting() == UploadLink.Waiting.CREDIT ? 1 : 0;
            onLimit += stats.waiting() == UploadLink.Waiting.LIMIT ? 1 : 0;
            inflight += stats.inflightBytes();
            rttNs = rttNs == 0 ? stats.rttNs() : Math.min(rttNs, Math.max(1, stats.rttNs()));
        }
        Waiting waiting = control.waiting();
        UploadProgress.Bound bound;
        if (connections == 0) {
            bound = UploadProgress.Bound.RECONNECTING;
        } else if (waiting != null && waiting.kind() == Waiting.Kind.SITE_FULL) {
            bound = UploadProgress.Bound.SITE_FULL;
        } else if (onLimit > 0) {
            bound = UploadProgress.Bound.LIMIT;
        } else if (onSocket > 0 && onSocket >= onCredit) {
            bound = UploadProgress.Bound.NETWORK;
        } else if (onCredit > 0 || window.full()) {
            bound = UploadProgress.Bound.RECEIVER;
        } else {
            bound = UploadProgress.Bound.SOURCE;
        }
        return new UploadProgress(
                control.state(),
                bytes.sealedBytes(),
                bytes.sentBytes(),
                bytes.resentBytes() + control.discardedBytes(),
                bytes.durableBytes(),
                bytes.durablePacks(),
                window.used(),
                window.imagesMax(),
                connections,
                control.losses(),
                rttNs / NS_PER_MS,
                inflight,
                bound,
                waiting);
    }
}
