package sago.sender.cli;

import java.util.ArrayList;
import java.util.List;
import sago.common.cli.JsonFields;
import sago.common.cli.MessageType;
import sago.common.cli.Output;
import sago.common.cli.Units;
import sago.sender.backup.BackupOutcome;
import sago.sender.backup.BackupProgress;
import sago.sender.backup.BackupResult;
import sago.sender.catalog.Snapshot;
import sago.sender.upload.UploadProgress;

/** Says what came of a backup: lines for people, a summary for programs. Stateless. */
final class BackupReport {
    private static final long NS_PER_MS = 1_000_000;

    private BackupReport() {}

    static void print(Output output, BackupResult result, String dataset, String site) {
        BackupProgress end = result.progress();
        UploadProgress upload = end.upload();
        Snapshot snapshot = result.snapshot();
        long durable = upload == null ? 0 : upload.durablePacks();
        long resent = upload == null ? 0 : upload.resentBytes();
        output.line("files    " + Units.count(snapshot.body().getFiles()) + ", read " + Units.count(end.filesRead())
                + " of them, " + Units.bytes(end.bytesRead()) + "; new " + Units.bytes(end.newBytes())
                + codecs(end.stored()));
        if (end.bytesFinished() > 0) {
            output.line("resumed  " + Units.count(end.filesFinished(), "file") + ", " + Units.bytes(end.bytesFinished())
                    + ", finished by a run that was cut off: not read again");
        }
        output.line("snapshot " + snapshot.name() + " " + dataset + "  "
                + Units.bytes(snapshot.body().getBytes()) + " -> " + Units.bytes(snapshot.storedBytes()) + "  "
                + Units.duration(end.elapsedNs()) + "  receipts " + site + " " + durable + "/" + result.packs()
                + "  resent " + Units.bytes(resent));
        if (result.troubles() > 0) {
            output.warning(troubles(result.outcome()) + "; everything else is in the snapshot: see the lines above");
        }
        output.message(MessageType.SUMMARY, fields -> summary(fields, result, dataset, site));
    }

    /** What of the new became of it, by codec. */
    private static String codecs(BackupProgress.Stored stored) {
        List<String> parts = new ArrayList<>();
        codec(parts, "lz4", stored.lz4());
        codec(parts, "zstd", stored.zstd());
        codec(parts, "as it is", stored.raw());
        return parts.isEmpty() ? "" : ", stored as " + String.join(", ", parts);
    }

    private static void codec(List<String> parts, String name, long bytes) {
        if (bytes > 0) {
            parts.add(name + " " + Units.bytes(bytes));
        }
    }

    /** How many entries are not as they should be, and why. */
    static String troubles(BackupOutcome outcome) {
        StringBuilder text = new StringBuilder();
        add(text, outcome.unreadable(), "could not be read");
        add(text, outcome.changed(), "changed while they were read");
        add(text, outcome.vanished(), "vanished before they could be read");
        return text.toString();
    }

    private static void add(StringBuilder text, long count, String what) {
        if (count > 0) {
            text.append(text.isEmpty() ? "" : ", ")
                    .append(Units.count(count))
                    .append(' ')
                    .append(what);
        }
    }

    private static void summary(JsonFields fields, BackupResult result, String dataset, String site) {
        BackupProgress end = result.progress();
        UploadProgress upload = end.upload();
        Snapshot snapshot = result.snapshot();
        fields.put("snapshot_id", snapshot.hash().toString())
                .put("snapshot", snapshot.name())
                .put("sequence", snapshot.sequence())
                .put("dataset", dataset)
                .put("site", site)
                .time("started", snapshot.body().getStartedMs())
                .put("elapsed_ms", end.elapsedNs() / NS_PER_MS)
                .put("files", snapshot.body().getFiles())
                .put("bytes", snapshot.body().getBytes());
        outcome(fields, result.outcome());
        fields.put("files_read", end.filesRead())
                .put("bytes_read", end.bytesRead())
                .put("bytes_new", end.newBytes())
                .put("bytes_stored", end.storedBytes())
                .put("bytes_stored_raw", end.stored().raw())
                .put("bytes_stored_lz4", end.stored().lz4())
                .put("bytes_stored_zstd", end.stored().zstd())
                .put("ratio", end.storedBytes() == 0 ? 1.0 : (double) end.newBytes() / end.storedBytes())
                .put("packs", result.packs())
                .put("packs_acked", upload == null ? 0 : upload.durablePacks())
                .put("bytes_acked", end.ackedBytes())
                .put("bytes_sent", upload == null ? 0 : upload.sentBytes())
                .put("bytes_resent", upload == null ? 0 : upload.resentBytes())
                .put("resumed_count", end.filesFinished())
                .put("resumed_bytes", end.bytesFinished());
    }

    /** What was found of the source. */
    static void outcome(JsonFields fields, BackupOutcome outcome) {
        files(fields, "new", outcome.fresh());
        files(fields, "changed", outcome.modified());
        files(fields, "unchanged", outcome.unchanged());
        fields.put("unreadable", outcome.unreadable())
                .put("changed", outcome.changed())
                .put("vanished", outcome.vanished());
    }

    /** What a status says beside the figures that every command has. */
    static void status(JsonFields fields, BackupProgress now) {
        UploadProgress upload = now.upload();
        fields.put("bytes_acked", now.ackedBytes())
                .put("bytes_wire", upload == null ? 0 : upload.sentBytes())
                .put("streams", upload == null ? 0 : upload.connections())
                .put("rtt_ms", upload == null ? 0.0 : upload.rttMs())
                .put("inflight_bytes", upload == null ? 0 : upload.inflightBytes())
                .put("unreadable", now.unreadable());
    }

    private static void files(JsonFields fields, String which, BackupOutcome.Files files) {
        fields.put("files_" + which, files.count()).put("source_bytes_" + which, files.bytes());
    }
}
