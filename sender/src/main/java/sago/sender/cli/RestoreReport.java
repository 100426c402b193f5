package sago.sender.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import sago.common.cli.JsonFields;
import sago.common.cli.MessageType;
import sago.common.cli.Output;
import sago.common.cli.Units;
import sago.sender.node.SnapshotReader;
import sago.sender.restore.RestoreAction;
import sago.sender.restore.RestoreListener;
import sago.sender.restore.RestoreSummary;
import sago.sender.restore.Shortfall;
import sago.sender.tree.EntryKey;

/** Prints what a restore does and did. Thread-safe. */
final class RestoreReport implements RestoreListener {
    private final Output output;
    private final Remarks remarks;
    private final boolean isDryRun;

    RestoreReport(Output output, boolean isDryRun) {
        this.output = output;
        this.remarks = new Remarks(output);
        this.isDryRun = isDryRun;
    }

    @Override
    public void warning(EntryKey key, String reason) {
        remarks.warning(key, reason);
    }

    @Override
    public void failed(EntryKey key, String reason) {
        remarks.failed(key, reason);
    }

    @Override
    public void action(RestoreAction action, EntryKey key) {
        if (!isDryRun || action == RestoreAction.UNCHANGED) {
            return;
        }
        String letter = switch (action) {
            case CREATE -> "+";
            case UPDATE -> "M";
            case KEEP -> "=";
            case DELETE -> "-";
            case UNCHANGED -> " ";
        };
        output.line(letter + "    " + key);
        output.message(
                MessageType.ITEM, fields -> fields.put("action", name(action)).bytes("path", key.path()));
    }

    private static String name(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    /** What came of it. */
    void finish(SnapshotReader reader, RestoreSummary summary, long tookNs, Path target) {
        remarks.finish();
        output.line((isDryRun ? "would restore " : "restored ") + reader.name() + " "
                + reader.dataset().name() + " of " + Units.utc(reader.body().getFinishedMs()) + " from "
                + reader.endpoint().name());
        RestoreSummary.Others others = summary.others();
        output.line("files    " + Units.count(summary.files()) + (isDryRun ? " to write" : " written") + ", "
                + Units.count(summary.unchanged()) + " there already, " + Units.count(others.folders()) + " folders, "
                + Units.count(others.links()) + " links, " + Units.count(others.hardLinks()) + " hard links, "
                + Units.count(others.nodes()) + " special");
        output.line("bytes    " + Units.bytes(summary.writtenBytes()) + " of " + Units.bytes(summary.bytes())
                + (isDryRun ? " to write" : " written") + " in " + Units.duration(tookNs) + ", "
                + Units.rate(summary.bytes(), tookNs));
        if (summary.deleted() > 0) {
            output.line("deleted  " + Units.count(summary.deleted())
                    + (isDryRun ? " would be, with all that is below" : ", with all that was below"));
        }
        if (summary.kept() > 0) {
            output.line("kept     " + Units.count(summary.kept()) + " as they were");
        }
        summary.trouble().shortfalls().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(lack -> output.line("but      " + Units.count(lack.getValue()) + " "
                        + lack.getKey().words()));
        output.message(MessageType.SUMMARY, fields -> summary(fields, reader, summary, tookNs, target));
    }

    private void summary(JsonFields fields, SnapshotReader reader, RestoreSummary summary, long tookNs, Path target) {
        fields.put("snapshot", reader.name())
                .put("dataset", reader.dataset().name())
                .put("site", reader.endpoint().name())
                .put("target", target.toString())
                .put("dry_run", isDryRun)
                .put("files_written", summary.files())
                .put("files_unchanged", summary.unchanged())
                .put("folders", summary.others().folders())
                .put("links", summary.others().links())
                .put("hard_links", summary.others().hardLinks())
                .put("special", summary.others().nodes())
                .put("deleted", summary.deleted())
                .put("kept", summary.kept())
                .put("bytes", summary.bytes())
                .put("bytes_written", summary.writtenBytes())
                .put("elapsed_ms", tookNs / 1_000_000)
                .put("warnings", summary.trouble().warnings())
                .put("damaged", summary.trouble().damaged())
                .put("failed", summary.trouble().failed())
                .object("shortfalls", counts -> {
                    for (Shortfall shortfall : Shortfall.values()) {
                        counts.put(
                                name(shortfall), summary.trouble().shortfalls().getOrDefault(shortfall, 0L));
                    }
                });
    }
}
