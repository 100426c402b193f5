package sago.sender.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sago.common.cli.ExitCodes;
import sago.common.cli.MessageType;
import sago.common.cli.Signals;
import sago.common.cli.Units;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.trust.Names;
import sago.sender.backup.BackupOutcome;
import sago.sender.backup.BackupProgress;
import sago.sender.backup.BackupResult;
import sago.sender.backup.BackupRun;
import sago.sender.backup.BackupSource;
import sago.sender.backup.DryRun;
import sago.sender.compress.Compression;
import sago.sender.keys.DatasetKeys;
import sago.sender.keys.HomeContext;
import sago.sender.keys.SiteEndpoint;
import sago.sender.node.BackupJob;
import sago.sender.node.BackupMeters;
import sago.sender.node.DryJob;
import sago.sender.node.HomeNode;
import sago.sender.upload.UploadProgress;
import sago.sender.upload.Waiting;

/** {@code sago backup}: one snapshot. Opens the vault only to make a dataset that is new. */
@Command(
        name = "backup",
        description = {
            "Back up paths, a stream or images of disks into one snapshot of a dataset at a site.",
            "A dataset that does not exist yet is made, which needs the passphrase once; after that none is needed.",
            "Stopped or killed, run the same command again: finished files are not read again, what is durable at the site is not",
            "sent again. Files that cannot be read, change or vanish meanwhile are told and counted: exit 3, the rest is complete."
        },
        footer = {
            "",
            "Example:  sago backup --dataset users --exclude '*.tmp' /data/users",
            "          sago backup --dataset db --stdin-name db.sql --stdin-from-command -- pg_dump mydb"
        })
final class BackupCommand extends HomeCommand {
    @Mixin
    private final DatasetOptions dataset = new DatasetOptions();

    @Option(names = "--site", paramLabel = "NAME", description = "Needed where there are several.")
    private @Nullable String site;

    @Mixin
    private final SourceOptions source = new SourceOptions();

    @Option(
            names = {"-n", "--dry-run"},
            description = "Only look: say what would be read. Needs no site, changes nothing.")
    private boolean dryRun;

    @Option(
            names = "--time",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "Time that the snapshot carries: '2026-11-22 03:00:00', local. Default: now.")
    private @Nullable Long timeMs;

    @Option(
            names = "--compression",
            paramLabel = "CODEC",
            description = {
                "auto, lz4, zstd or none. Default: auto: zstd while the link is what everybody waits for, else lz4.",
                "What does not become smaller is stored as it is, whatever the codec."
            })
    private Compression compression = Compression.AUTO;

    @Mixin
    private final BoundOptions bounds = new BoundOptions();

    @Mixin
    private final MetricsOption metrics = new MetricsOption();

    private volatile @Nullable BackupRun started;

    @Override
    public Integer call() throws IOException, InterruptedException {
        HomeContext context = context();
        requireHome(context);
        Thread runner = Thread.currentThread();
        Signals.onStop(signal -> stop(runner));
        BackupSource what = source.source(sago().in(), output());
        if (dryRun) {
            try (HomeNode node = node(context)) {
                return look(node, what);
            }
        }
        return shared(context, () -> {
            try (HomeNode node = node(context)) {
                SiteEndpoint endpoint = node.site(Optional.ofNullable(site));
                DatasetKeys keys = dataset.keys(node, name(), this::openVault);
                return under(node.lock(keys.dataset(), keys.name()), () -> backUp(node, keys, endpoint, what));
            }
        });
    }

    private String name() throws FaultException {
        if (dataset.name().isPresent()) {
            Names.requireName("dataset", dataset.name().get());
            return dataset.name().get();
        }
        Path first = source.first();
        String derived = DatasetNames.derive(first);
        say("dataset " + derived + ", named after " + first);
        return derived;
    }

    private int backUp(HomeNode node, DatasetKeys keys, SiteEndpoint endpoint, BackupSource what)
            throws IOException, InterruptedException {
        Remarks remarks = new Remarks(output());
        OptionalLong time = timeMs == null ? OptionalLong.empty() : OptionalLong.of(timeMs);
        BackupJob.Goal goal = new BackupJob.Goal(keys, endpoint, what, time, bounds.bounds(), compression);
        try (BackupJob job = new BackupJob(node, goal, remarks)) {
            BackupRun run = job.run();
            started = run;
            output().message(
                            MessageType.START,
                            fields -> fields.put("dataset", keys.name())
                                    .put("site", endpoint.name())
                                    .list(
                                            "paths",
                                            what.keys().stream()
                                                    .map(Object::toString)
                                                    .toList()));
            Runnable serving = metrics.start(new BackupMeters(run)::bindTo);
            ProgressPrinter printer = progress(run, endpoint.name());
            BackupResult result = beside(serving, () -> beside(printer::close, () -> backUp(job)));
            remarks.finish();
            BackupReport.print(output(), result, keys.name(), endpoint.name());
            // Only the key holder can verify.
            next((node.context().hasVault() ? "sago verify --dataset " + keys.name() : "sago status") + homeFlag());
            return result.troubles() > 0 ? ExitCodes.SOURCE_UNREADABLE : ExitCodes.OK;
        }
    }

    private BackupResult backUp(BackupJob job) throws FaultException, InterruptedException {
        try {
            return job.backUp();
        } catch (FaultException e) {
            if (e.fault() == Fault.INTERRUPTED) {
                BackupRun.Saved saved = job.run().saved();
                output().message(
                                MessageType.CHECKPOINT,
                                fields ->
                                        fields.put("files_done", saved.files()).put("packs_acked", saved.packs()));
            }
            throw e;
        }
    }

    /** Any thread. Before the run there is nothing to tidy up. */
    private void stop(Thread runner) {
        BackupRun run = started;
        if (run != null) {
            run.cancel();
        } else {
            runner.interrupt();
        }
    }

    private int look(HomeNode node, BackupSource what) throws IOException, InterruptedException {
        if (!(what instanceof BackupSource.Paths paths)) {
            throw new FaultException(Fault.USAGE, "a stream can only be read, not looked at: leave --dry-run out");
        }
        Remarks remarks = new Remarks(output());
        String wanted = name();
        BackupOutcome outcome = DryJob.look(node, wanted, new DryRun(paths, DryJob.excluded(node), remarks), remarks);
        remarks.finish();
        say("would read " + files(outcome.fresh()) + " new, " + files(outcome.modified()) + " changed; "
                + files(outcome.unchanged()) + " unchanged");
        if (outcome.troubles() > 0) {
            output().warning(BackupReport.troubles(outcome));
        }
        output().message(MessageType.SUMMARY, fields -> {
            fields.put("dry_run", true).put("dataset", wanted);
            BackupReport.outcome(fields, outcome);
        });
        next("the same command without --dry-run");
        return outcome.troubles() > 0 ? ExitCodes.SOURCE_UNREADABLE : ExitCodes.OK;
    }

    private static String files(BackupOutcome.Files files) {
        return Units.count(files.count(), "file") + " (" + Units.bytes(files.bytes()) + ")";
    }

    private ProgressPrinter progress(BackupRun run, String siteName) throws FaultException {
        int columns = ProgressPrinter.columnsOfProcess();
        List<Path> named = source.named();
        Supplier<Long> total = columns > 0 && !named.isEmpty() ? SizeEstimate.start(named)::total : () -> 0L;
        return ProgressPrinter.start(
                output(), sago().clock(), columns, () -> figures(run.progress(), siteName, total.get()));
    }

    private static ProgressFigures figures(BackupProgress now, String siteName, long estimate) {
        UploadProgress upload = now.upload();
        String aside = upload == null ? "" : siteName + " durable " + Units.bytes(upload.durableBytes());
        Waiting waiting = now.waiting();
        ProgressFigures.Standstill standstill = waiting == null
                ? null
                : new ProgressFigures.Standstill(waiting.what(siteName), waiting.text(siteName), waiting.forNs());
        long total = now.walkEnded() ? now.bytesSeen() : Math.max(estimate, estimate == 0 ? 0 : now.bytesSeen());
        return new ProgressFigures(
                        now.bytesDone(),
                        total,
                        now.filesSeen(),
                        now.bottleneck().name().toLowerCase(Locale.ROOT),
                        aside,
                        standstill)
                .with(fields -> BackupReport.status(fields, now));
    }
}
