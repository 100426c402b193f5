package sago.sender.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sago.common.cli.Signals;
import sago.common.cli.Units;
import sago.common.metrics.Meters;
import sago.sender.keys.HomeContext;
import sago.sender.keys.Vault;
import sago.sender.node.HomeNode;
import sago.sender.node.SnapshotReader;
import sago.sender.pattern.PathPattern;
import sago.sender.restore.RestoreOptions;
import sago.sender.restore.RestoreRun;
import sago.sender.restore.RestoreSummary;

/** {@code sago restore}: files of a snapshot, below a folder. */
@Command(
        name = "restore",
        description = {
            "Restore a snapshot, or parts of it, into DIR/<absolute source path>.",
            "Files that are there already with the same bytes are left alone: run it again to go on after an interruption."
        },
        footer = {"", "Example:  sago restore latest --include '/data/users/**/*.txt' --target /tmp/back"})
final class RestoreCommand extends HomeCommand {
    private static final int WORKERS_MIN = 4;

    @Parameters(index = "0", paramLabel = "SNAPSHOT", description = "latest, or what `sago snapshots` shows.")
    private String snapshot = "";

    @Option(names = "--target", required = true, paramLabel = "DIR", description = "Made if it does not exist.")
    private Path target = Path.of("");

    @Option(
            names = "--include",
            paramLabel = "GLOB",
            description =
                    "Only what matches, with all that is below; may be repeated. * within a name, ** across names.")
    private List<String> includes = List.of();

    @Option(names = "--dataset", paramLabel = "NAME", description = "Needed for latest where there are several.")
    private @Nullable String dataset;

    @Option(names = "--site", paramLabel = "NAME", description = "Needed where there are several.")
    private @Nullable String site;

    @Mixin
    private final MetricsOption metrics = new MetricsOption();

    @Override
    public Integer call() throws IOException, InterruptedException {
        HomeContext context = context();
        requireHome(context);
        List<PathPattern> patterns = new ArrayList<>();
        for (String include : includes) {
            patterns.add(PathPattern.parse(include));
        }
        SnapshotReader.Query query =
                new SnapshotReader.Query(snapshot, Optional.ofNullable(dataset), Optional.ofNullable(site));
        Thread runner = Thread.currentThread();
        Signals.onStop(signal -> runner.interrupt());
        try (Vault vault = openVault(context);
                HomeNode node = node(context);
                SnapshotReader reader = SnapshotReader.open(node, vault, query)) {
            restore(reader, patterns);
        }
        return 0;
    }

    private void restore(SnapshotReader reader, List<PathPattern> patterns) throws IOException, InterruptedException {
        Remarks remarks = new Remarks(output());
        int workers = Math.max(WORKERS_MIN, Runtime.getRuntime().availableProcessors());
        RestoreRun run = new RestoreRun(
                reader.chunks(),
                reader.root(),
                new RestoreOptions(target.toAbsolutePath(), patterns, workers),
                remarks,
                sago().random());
        long totalBytes = patterns.isEmpty() ? reader.body().getBytes() : 0;
        long startedNs = sago().clock().monotonicNs();
        Runnable serving = metrics.start(registry -> registry.more()
                .counter(Meters.RESTORE_BYTES, List.of(), run, r -> r.progress().bytes()));
        ProgressPrinter printer = ProgressPrinter.start(
                output(),
                sago().clock(),
                ProgressPrinter.columnsOfProcess(),
                () -> figures(run.progress(), totalBytes));
        RestoreSummary summary = beside(serving, () -> beside(printer::close, run::run));
        remarks.finish();
        report(reader, summary, sago().clock().monotonicNs() - startedNs);
        summary.requireComplete();
    }

    private static ProgressFigures figures(RestoreSummary now, long totalBytes) {
        return new ProgressFigures(now.bytes(), totalBytes, now.files() + now.unchanged(), "", "");
    }

    private void report(SnapshotReader reader, RestoreSummary summary, long tookNs) {
        long files = summary.files() + summary.unchanged();
        say("restored " + reader.name() + " " + reader.dataset().name() + " of "
                + Units.utc(reader.body().getFinishedMs()) + " from "
                + reader.endpoint().name());
        say("files    " + Units.count(files) + " (" + Units.count(summary.unchanged()) + " were there already), "
                + Units.count(summary.folders()) + " folders, " + Units.count(summary.links()) + " links, "
                + Units.bytes(summary.bytes()) + " in " + Units.duration(tookNs) + ", "
                + Units.rate(summary.bytes(), tookNs));
        if (summary.skipped() > 0) {
            say("skipped  " + Units.count(summary.skipped()) + " pipes, sockets and devices");
        }
        next("look into " + target.toAbsolutePath() + "; every byte was checked on the way");
    }
}
