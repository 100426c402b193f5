package sago.sender.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sago.common.cli.DurationConverter;
import sago.common.cli.ExitCodes;
import sago.common.cli.Signals;
import sago.common.cli.Units;
import sago.common.durable.FolderLock;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.trust.Names;
import sago.sender.backup.BackupProgress;
import sago.sender.backup.BackupResult;
import sago.sender.backup.BackupRun;
import sago.sender.keys.DatasetKeys;
import sago.sender.keys.HomeContext;
import sago.sender.keys.SiteEndpoint;
import sago.sender.keys.Vault;
import sago.sender.node.BackupJob;
import sago.sender.node.BackupMeters;
import sago.sender.node.HomeNode;
import sago.sender.source.SourceRoots;
import sago.sender.upload.RateLimit;
import sago.sender.upload.UploadPlan;
import sago.sender.upload.UploadProgress;
import sago.sender.upload.Waiting;

/** {@code sago backup}: one snapshot. Opens the vault only to make a dataset that is new. */
@Command(
        name = "backup",
        description = {
            "Back up paths into one snapshot of a dataset at a site.",
            "A dataset that does not exist yet is made, which needs the passphrase once; after that none is needed.",
            "Stopped or killed, run the same command again: finished files are not read again, what is durable at the site is not",
            "sent again."
        },
        footer = {"", "Example:  sago backup --dataset users /data/users"})
final class BackupCommand extends HomeCommand {
    @Option(names = "--dataset", paramLabel = "NAME", description = "Default: named after the first path.")
    private @Nullable String dataset;

    @Option(names = "--class", paramLabel = "C", description = "Data class of a new dataset. Default: internal.")
    private @Nullable String dataClass;

    @Option(names = "--site", paramLabel = "NAME", description = "Needed where there are several.")
    private @Nullable String site;

    @Option(
            names = "--give-up-after",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = {
                "Wait so long for a site that is away or full, or for room on the home disk: 30s, 10m, 2h, 1d.",
                "Then exit 20. Default: for ever, once the site was reached."
            })
    private long giveUpAfterNs = UploadPlan.NEVER_NS;

    @Option(
            names = "--limit",
            paramLabel = "RATE|TIMETABLE",
            converter = RateLimitConverter.class,
            description = {
                "Bytes per second that are sent: 50M, off, or '08:00,10M 19:00,off' in local time.",
                "`sago limit` changes it while the backup runs, and comes before this. Default: off."
            })
    private RateLimit limit = RateLimit.OFF;

    @Parameters(
            arity = "1..*",
            paramLabel = "PATH",
            converter = PathConverter.class,
            description = "Files and folders.")
    private List<Path> paths = List.of();

    @Mixin
    private final MetricsOption metrics = new MetricsOption();

    @Mixin
    private final RepackOption repack = new RepackOption();

    private volatile @Nullable BackupRun started;

    @Override
    public Integer call() throws IOException, InterruptedException {
        HomeContext context = context();
        requireHome(context);
        Thread runner = Thread.currentThread();
        Signals.onStop(signal -> stop(runner));
        return shared(context, () -> {
            try (HomeNode node = node(context)) {
                return backUp(node);
            }
        });
    }

    private int backUp(HomeNode node) throws IOException, InterruptedException {
        SiteEndpoint endpoint = node.site(Optional.ofNullable(site));
        SourceRoots roots = SourceRoots.of(paths);
        DatasetKeys keys = dataset(node);
        return under(node.lock(keys.dataset(), keys.name()), () -> backUp(node, keys, endpoint, roots));
    }

    private int backUp(HomeNode node, DatasetKeys keys, SiteEndpoint endpoint, SourceRoots roots)
            throws IOException, InterruptedException {
        Remarks remarks = new Remarks(output());
        BackupJob.Goal goal = new BackupJob.Goal(keys, endpoint, roots, giveUpAfterNs, limit, repack.bytes());
        try (BackupJob job = new BackupJob(node, goal, remarks)) {
            started = job.run();
            Runnable serving = metrics.start(new BackupMeters(job.run())::bindTo);
            ProgressPrinter printer = progress(job.run(), endpoint.name());
            BackupResult result = beside(serving, () -> beside(printer::close, job::backUp));
            remarks.finish();
            report(result, keys, endpoint);
            // Only the key holder can verify.
            next((node.context().hasVault() ? "sago verify --dataset " + keys.name() : "sago status") + homeFlag());
            return result.unreadable() > 0 ? ExitCodes.SOURCE_UNREADABLE : ExitCodes.OK;
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

    /** The dataset, made in the vault if it is new. */
    private DatasetKeys dataset(HomeNode node) throws IOException, InterruptedException {
        String name = dataset;
        if (name == null) {
            name = DatasetNames.derive(paths.get(0));
            say("dataset " + name + ", named after " + paths.get(0));
        }
        Names.requireName("dataset", name);
        if (!node.sender().datasetNames().contains(name)) {
            requireNotMoved(node, name);
            if (!node.context().hasVault()) {
                throw new FaultException(
                        Fault.NO_VAULT,
                        "no dataset " + name + " at " + homeFolder() + ", which has "
                                + String.join(", ", node.sender().datasetNames())
                                + ": another one is granted where the vault is, by `sago sender add`");
            }
            makeDataset(node.context(), name);
            requireNotMoved(node, name);
        }
        DatasetKeys keys = node.sender().dataset(name);
        if (dataClass != null && !dataClass.equals(keys.dataClass())) {
            throw new FaultException(
                    Fault.USAGE, "dataset " + name + " has class " + keys.dataClass() + ": take another name");
        }
        return keys;
    }

    private void requireNotMoved(HomeNode node, String name) throws IOException {
        Optional<String> sender = node.sender().movedTo(name);
        if (sender.isPresent()) {
            throw new FaultException(
                    Fault.USAGE,
                    "dataset " + name + " is backed up by sender " + sender.get()
                            + ": run this there, or take it back with `sago sender revoke " + sender.get() + "`");
        }
    }

    /** Other backups may run meanwhile: what they use does not change. Only one process at a time may write the vault. */
    private void makeDataset(HomeContext context, String name) throws IOException, InterruptedException {
        FolderLock vaultLock = FolderLock.acquire(
                context.files().disk(), context.folder().resolve("vault").resolve(FolderLock.NAME), "the vault");
        under(vaultLock, () -> {
            try (Vault vault = openVault(context)) {
                return vault.createDataset(name, dataClass == null ? SiteAddCommand.DEFAULT_CLASS : dataClass);
            }
        });
    }

    private ProgressPrinter progress(BackupRun run, String siteName) {
        int columns = ProgressPrinter.columnsOfProcess();
        Supplier<Long> total = columns > 0 ? SizeEstimate.start(paths)::total : () -> 0L;
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
                standstill);
    }

    private void report(BackupResult result, DatasetKeys keys, SiteEndpoint endpoint) {
        BackupProgress end = result.progress();
        UploadProgress upload = end.upload();
        long durable = upload == null ? 0 : upload.durablePacks();
        long resent = upload == null ? 0 : upload.resentBytes();
        say("files    " + Units.count(result.snapshot().body().getFiles()) + ", read " + Units.count(end.filesRead())
                + " of them, " + Units.bytes(end.bytesRead()) + "; new " + Units.bytes(end.newBytes()));
        if (end.bytesFinished() > 0) {
            say("resumed  " + Units.count(end.filesFinished(), "file") + ", " + Units.bytes(end.bytesFinished())
                    + ", finished by a run that was cut off: not read again");
        }
        say("snapshot " + result.snapshot().name() + " " + keys.name() + "  "
                + Units.bytes(result.snapshot().body().getBytes()) + " -> "
                + Units.bytes(result.snapshot().storedBytes()) + "  " + Units.duration(end.elapsedNs()) + "  receipts "
                + endpoint.name() + " " + durable + "/" + result.packs() + "  resent " + Units.bytes(resent));
        if (result.vanished() > 0) {
            output().warning(Units.count(result.vanished(), "file") + " vanished before they could be read");
        }
        if (result.unreadable() > 0) {
            output().warning(result.unreadable()
                    + " could not be read; everything else is in the snapshot: see the lines above");
        }
    }
}
