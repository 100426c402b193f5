package sago.sender.cli;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;
import sago.common.cli.Signals;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.metrics.Meters;
import sago.sender.keys.HomeContext;
import sago.sender.keys.Vault;
import sago.sender.node.HomeNode;
import sago.sender.node.SnapshotReader;
import sago.sender.pattern.PathPattern;
import sago.sender.restore.Overwrite;
import sago.sender.restore.RestoreOptions;
import sago.sender.restore.RestoreRun;
import sago.sender.restore.RestoreSummary;
import sago.sender.restore.Scope;
import sago.sender.tree.EntryKey;

/** {@code sago restore}: files of a snapshot, below a folder. */
@Command(
        name = "restore",
        description = {
            "Restore a snapshot, or parts of it, into DIR/<absolute source path>; with SNAPSHOT:SUBDIR what is below SUBDIR right into DIR.",
            "What is there already is compared and only what differs is written: run it again to go on after an interruption. Into its old place: --target /"
        },
        footer = {
            "",
            "Example:  sago restore latest --include '/data/users/**/*.txt' --target /tmp/back",
            "          sago restore latest:/data/users --target /data/users --delete --dry-run"
        })
final class RestoreCommand extends HomeCommand {
    private static final int WORKERS_MIN = 4;

    @Parameters(
            index = "0",
            paramLabel = "SNAPSHOT[:SUBDIR]",
            description = "latest, or what `sago snapshots` shows; after a colon a folder in it.")
    private String snapshot = "";

    @Option(names = "--target", required = true, paramLabel = "DIR", description = "Made if it does not exist.")
    private Path target = Path.of("");

    @Option(
            names = "--include",
            paramLabel = "GLOB",
            description =
                    "Only what matches, with all that is below; may be repeated. * within a name, ** across names.")
    private List<String> includes = List.of();

    @Option(
            names = "--exclude",
            paramLabel = "GLOB",
            description = "Not what matches, nor what is below; may be repeated. --delete leaves it alone, too.")
    private List<String> excludes = List.of();

    @Option(
            names = "--overwrite",
            paramLabel = "WHEN",
            converter = OverwriteConverter.class,
            description =
                    "What happens to files that are there: always (compare the bytes, write what differs; default),"
                            + " if-changed (the same size and time count as equal), if-newer (only where the snapshot's is newer),"
                            + " never.")
    private Overwrite overwrite = Overwrite.ALWAYS;

    @Option(
            names = "--delete",
            description = "Remove what the snapshot does not have, below folders that were backed up and are restored"
                    + " as a whole. See first with --dry-run.")
    private boolean isDeleting;

    @Option(
            names = {"-n", "--dry-run"},
            description = "Only show what would be written (+ new, M changed, - deleted, = kept).")
    private boolean isDryRun;

    @Mixin
    private final SnapshotArgument choice = new SnapshotArgument();

    @Mixin
    private final MetricsOption metrics = new MetricsOption();

    @Override
    public Integer call() throws IOException, InterruptedException {
        HomeContext context = context();
        requireHome(context);
        List<PathPattern> included = patterns(includes);
        List<PathPattern> excluded = patterns(excludes);
        EntryKey subfolder = SnapshotArgument.subfolder(snapshot);
        Thread runner = Thread.currentThread();
        Signals.onStop(signal -> runner.interrupt());
        try (Vault vault = openVault(context);
                HomeNode node = node(context);
                SnapshotReader reader = SnapshotReader.open(node, vault, choice.query(snapshot))) {
            Scope scope = new Scope(subfolder, sources(reader), included, excluded);
            restore(reader, scope);
        }
        return 0;
    }

    private static List<PathPattern> patterns(List<String> texts) throws FaultException {
        List<PathPattern> patterns = new ArrayList<>();
        for (String text : texts) {
            patterns.add(PathPattern.parse(text));
        }
        return patterns;
    }

    private static List<EntryKey> sources(SnapshotReader reader) throws FaultException {
        List<EntryKey> sources = new ArrayList<>();
        for (ByteString path : reader.body().getPathsList()) {
            try {
                sources.add(path.size() == 1 ? EntryKey.ROOT : EntryKey.ofPath(path.toByteArray()));
            } catch (IllegalArgumentException e) {
                throw new FaultException(Fault.INTEGRITY, "the snapshot names a source that no file can have", e);
            }
        }
        return sources;
    }

    private void restore(SnapshotReader reader, Scope scope) throws IOException, InterruptedException {
        RestoreReport report = new RestoreReport(output(), isDryRun);
        int workers = Math.max(WORKERS_MIN, Runtime.getRuntime().availableProcessors());
        RestoreOptions.Manner manner = new RestoreOptions.Manner(overwrite, isDeleting, isDryRun);
        RestoreRun run = new RestoreRun(
                reader.chunks(),
                reader.root(),
                new RestoreOptions(target.toAbsolutePath(), scope, manner, workers),
                report,
                sago().random());
        boolean isWhole =
                includes.isEmpty() && excludes.isEmpty() && scope.subfolder().equals(EntryKey.ROOT);
        long totalBytes = isWhole ? reader.body().getBytes() : 0;
        long startedNs = sago().clock().monotonicNs();
        Runnable serving = metrics.start(registry -> registry.more()
                .counter(Meters.RESTORE_BYTES, List.of(), run, r -> r.progress().bytes()));
        ProgressPrinter printer = ProgressPrinter.start(
                output(),
                sago().clock(),
                ProgressPrinter.columnsOfProcess(),
                () -> figures(run.progress(), totalBytes));
        RestoreSummary summary = beside(serving, () -> beside(printer::close, run::run));
        report.finish(reader, summary, sago().clock().monotonicNs() - startedNs, target.toAbsolutePath());
        if (isDryRun) {
            next("the same without --dry-run");
        } else {
            next("look into " + target.toAbsolutePath() + "; every byte was checked on the way");
        }
        summary.requireComplete();
    }

    private static ProgressFigures figures(RestoreSummary now, long totalBytes) {
        return new ProgressFigures(now.bytes(), totalBytes, now.files() + now.unchanged(), "", "");
    }

    /** As restic writes them. */
    static final class OverwriteConverter implements ITypeConverter<Overwrite> {
        @Override
        public Overwrite convert(String text) {
            for (Overwrite overwrite : Overwrite.values()) {
                if (overwrite.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text)) {
                    return overwrite;
                }
            }
            throw new TypeConversionException("is always, if-changed, if-newer or never, not " + text);
        }
    }
}
