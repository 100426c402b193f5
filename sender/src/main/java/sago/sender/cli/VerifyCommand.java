package sago.sender.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sago.common.cli.Signals;
import sago.common.cli.Units;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.keys.DatasetKeys;
import sago.sender.keys.HomeContext;
import sago.sender.keys.SiteEndpoint;
import sago.sender.keys.Vault;
import sago.sender.node.HomeNode;
import sago.sender.node.SnapshotNames;
import sago.sender.node.SnapshotReader;
import sago.sender.node.Verification;
import sago.sender.node.VerifyMarks;
import sago.sender.restore.DataCheck;
import sago.sender.restore.DataCheckSummary;
import sago.sender.restore.DataSample;
import sago.sender.upload.RestoreClient;

/** {@code sago verify}: what a site holds, proven by hashes, and on request by reading. */
@Command(
        name = "verify",
        description = {
            "Have the site hash its packs again and compare roots, manifests and receipts. Needs no passphrase.",
            "With --read-data, also download data of the newest snapshots, open it and compare chunk ids: needs the vault."
        },
        footer = {"", "Example:  sago verify --read-data=5%%"})
final class VerifyCommand extends HomeCommand {
    private static final int WORKERS_MIN = 4;
    private static final int PERCENT_MAX = 100;

    @Option(names = "--dataset", paramLabel = "NAME", description = "Only this one.")
    private @Nullable String dataset;

    @Option(names = "--site", paramLabel = "NAME", description = "Needed where there are several.")
    private @Nullable String site;

    @Option(
            names = "--read-data",
            arity = "0..1",
            fallbackValue = "100%",
            paramLabel = "N%",
            description = "Read all data, or a random N percent of it.")
    private @Nullable String readData;

    @Override
    public Integer call() throws IOException, InterruptedException {
        int percent = percent();
        HomeContext context = context();
        requireHome(context);
        Thread runner = Thread.currentThread();
        Signals.onStop(signal -> runner.interrupt());
        try (HomeNode node = node(context)) {
            SiteEndpoint endpoint = node.site(Optional.ofNullable(site));
            List<DatasetKeys> datasets = datasets(node, endpoint);
            boolean sound = true;
            for (DatasetKeys keys : datasets) {
                sound &= verify(node, keys, endpoint, percent);
            }
            if (!sound) {
                throw new FaultException(
                        Fault.INTEGRITY,
                        "site " + endpoint.name() + " does not hold all that it promised: see the messages above;"
                                + " the next backup stores again what is lost");
            }
            next("sago status" + homeFlag());
        }
        return 0;
    }

    /** 0 where no data is to be read. */
    private int percent() throws FaultException {
        if (readData == null) {
            return 0;
        }
        try {
            int percent = Integer.parseInt(readData.replaceAll("%+$", "").strip());
            if (percent >= 1 && percent <= PERCENT_MAX) {
                return percent;
            }
        } catch (NumberFormatException notANumber) {
            // Said below.
        }
        throw new FaultException(Fault.USAGE, "--read-data takes a percentage from 1% to 100%, not " + readData);
    }

    private List<DatasetKeys> datasets(HomeNode node, SiteEndpoint endpoint) throws IOException {
        List<DatasetKeys> chosen = new ArrayList<>();
        if (dataset != null) {
            chosen.add(node.sender().dataset(dataset));
            return chosen;
        }
        for (DatasetKeys keys : node.sender().datasets()) {
            if (endpoint.terms().classes().contains(keys.dataClass())) {
                chosen.add(keys);
            }
        }
        if (chosen.isEmpty()) {
            throw new FaultException(Fault.NOT_FOUND, "there is nothing to verify yet: `sago backup` comes first");
        }
        return chosen;
    }

    private boolean verify(HomeNode node, DatasetKeys keys, SiteEndpoint endpoint, int percent)
            throws IOException, InterruptedException {
        long startedNs = sago().clock().monotonicNs();
        Verification.Report report;
        try (RestoreClient client = node.reader(endpoint, node.sender().auditCredential())) {
            report = new Verification(node, keys, endpoint, client).run(new HashingProgress());
        }
        Remarks remarks = new Remarks(sago().err());
        report.findings().forEach(finding -> remarks.print(keys.name() + ": " + finding));
        remarks.finish();
        boolean sound = report.findings().isEmpty();
        String took = Units.duration(sago().clock().monotonicNs() - startedNs);
        say("verified " + keys.name() + "  " + endpoint.name() + " hashed " + Units.count(report.packs(), "pack") + ", "
                + Units.bytes(report.bytes()) + " again in " + took + ", "
                + (sound ? "roots equal" : Units.count(report.lost().size(), "pack") + " NOT as promised") + "; "
                + Units.count(report.snapshots(), "snapshot") + ", receipts " + report.receipts() + "/"
                + report.snapshots());
        if (!report.lost().isEmpty()) {
            forget(node, keys, endpoint, report);
        }
        if (sound && percent > 0 && report.snapshots() > 0) {
            sound = readData(node, keys, endpoint, percent);
        }
        if (sound) {
            new VerifyMarks(node.context())
                    .write(
                            keys.dataset(),
                            endpoint.site(),
                            new VerifyMarks.Mark(sago().clock().wallMs(), report.sequence(), percent));
        }
        return sound;
    }

    /** What is lost counts as absent from now on, so that the next backup stores it again. */
    private void forget(HomeNode node, DatasetKeys keys, SiteEndpoint endpoint, Verification.Report report)
            throws IOException, InterruptedException {
        int lost = locked(node.context(), () -> {
            node.catalog().packs().absent(keys.dataset(), endpoint.site(), report.lost());
            return report.lost().size();
        });
        say("noted    " + Units.count(lost, "pack")
                + " as absent: the next backup stores again what the source still has");
    }

    private boolean readData(HomeNode node, DatasetKeys keys, SiteEndpoint endpoint, int percent)
            throws IOException, InterruptedException {
        Remarks remarks = new Remarks(sago().err());
        DataSample sample = percent == PERCENT_MAX
                ? DataSample.all()
                : new DataSample(percent, sago().random().nextLong());
        SnapshotReader.Query query =
                new SnapshotReader.Query(SnapshotNames.LATEST, Optional.of(keys.name()), Optional.of(endpoint.name()));
        long startedNs = sago().clock().monotonicNs();
        DataCheckSummary summary;
        try (Vault vault = openVault(node.context());
                SnapshotReader reader = SnapshotReader.open(node, vault, query)) {
            int workers = Math.max(WORKERS_MIN, Runtime.getRuntime().availableProcessors());
            DataCheck check = new DataCheck(reader.chunks(), sample, workers, remarks);
            long total = reader.body().getBytes() / PERCENT_MAX * percent;
            ProgressPrinter printer = ProgressPrinter.start(
                    sago().err(),
                    sago().clock(),
                    ProgressPrinter.columnsOfProcess(),
                    () -> new ProgressFigures(
                            check.progress().bytes(), total, check.progress().entries(), "", ""));
            summary = beside(printer::close, () -> check.run(reader.root()));
        }
        remarks.finish();
        say("read     " + keys.name() + "  " + Units.bytes(summary.bytes()) + " in "
                + Units.count(summary.read(), "chunk")
                + " (" + percent + " %) opened and compared with their ids in "
                + Units.duration(sago().clock().monotonicNs() - startedNs)
                + (summary.damaged() == 0 ? "" : ", " + Units.count(summary.damaged(), "file") + " DAMAGED"));
        return summary.damaged() == 0;
    }

    /** Plain lines: pages take seconds each. */
    private final class HashingProgress implements Verification.Progress {
        private static final long LINE_NS = 5_000_000_000L;
        private long lastNs = sago().clock().monotonicNs();

        @Override
        public void hashed(int packs, int ofPacks, long bytes) {
            long nowNs = sago().clock().monotonicNs();
            if (nowNs - lastNs > LINE_NS) {
                lastNs = nowNs;
                sago().err().println(packs + "/" + ofPacks + " packs hashed again, " + Units.bytes(bytes));
            }
        }
    }
}
