package sago.sender.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import sago.common.cli.JsonFields;
import sago.common.cli.MessageType;
import sago.common.cli.Units;
import sago.common.durable.FolderLock;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.sign.VerifyingKey;
import sago.sender.keys.SiteEndpoint;
import sago.sender.keys.VaultDataset;
import sago.sender.node.HomeNode;
import sago.sender.node.SiteChain;
import sago.sender.node.SnapshotCheck;
import sago.sender.node.SnapshotReader;
import sago.sender.node.Verification;
import sago.sender.restore.DataCheckSummary;
import sago.sender.upload.RestoreClient;

/** Verifies datasets at a site and says what came of it. Confined to one thread. */
final class DatasetVerification {
    private static final int PERCENT_MAX = 100;

    private final SagoMain sago;
    private final HomeNode node;
    private final SiteEndpoint endpoint;

    DatasetVerification(SagoMain sago, HomeNode node, SiteEndpoint endpoint) {
        this.sago = sago;
        this.node = node;
        this.endpoint = endpoint;
    }

    /** Has the site hash every pack of a dataset again; what it lost counts as absent from then on. */
    Verification.Report hashAgain(VaultDataset dataset, List<VerifyingKey> signers)
            throws IOException, InterruptedException {
        long startedNs = sago.clock().monotonicNs();
        Verification.Report report;
        try (RestoreClient client = node.reader(endpoint, node.sender().auditCredential())) {
            SiteChain.Signers trusted = new SiteChain.Signers(endpoint.vault(), dataset.id(), signers);
            report = new Verification(node, endpoint, client, trusted).run(new HashingProgress());
        }
        Remarks remarks = new Remarks(sago.output());
        report.findings().forEach(finding -> remarks.print(dataset.name() + ": " + finding));
        remarks.finish();
        String took = Units.duration(sago.clock().monotonicNs() - startedNs);
        say("checked  " + dataset.name() + "  " + endpoint.name() + " hashed " + Units.count(report.packs(), "pack")
                + ", " + Units.bytes(report.bytes()) + " again in " + took + ", "
                + (report.isSound() ? "roots equal" : Units.count(report.lost().size(), "pack") + " NOT as promised")
                + "; " + Units.count(report.snapshots(), "snapshot") + ", receipts " + report.receipts() + "/"
                + report.snapshots());
        Verification.Report told = report;
        item(
                "site_check",
                fields -> fields.put("dataset", dataset.name())
                        .put("site", endpoint.name())
                        .put("sound", told.isSound())
                        .put("packs", told.packs())
                        .put("packs_lost", told.lost().size())
                        .put("bytes", told.bytes())
                        .put("snapshots", told.snapshots())
                        .put("receipts", told.receipts()));
        if (!report.lost().isEmpty()) {
            forget(dataset, report);
        }
        return report;
    }

    /** What is lost counts as absent from now on, so that the next backup stores it again. */
    private void forget(VaultDataset dataset, Verification.Report report) throws IOException, InterruptedException {
        FolderLock lock;
        try {
            lock = node.lock(dataset.id(), dataset.name());
        } catch (FaultException e) {
            if (e.fault() != Fault.LOCKED) {
                throw e;
            }
            sago.output().warning("lost packs are not noted as absent, because " + e.getMessage());
            return;
        }
        int noted = HomeCommand.under(lock, () -> {
            List<PackId> counted = new ArrayList<>();
            for (PackId pack : report.lost()) {
                // The newest snapshot no longer names the others.
                if (node.catalog().packs().present(pack, endpoint.site())) {
                    counted.add(pack);
                }
            }
            node.catalog().packs().absent(dataset.id(), endpoint.site(), counted);
            return counted.size();
        });
        if (noted > 0) {
            say("noted    " + Units.count(noted, "pack")
                    + " as absent: the next backup stores again what the source still has");
        }
    }

    /**
     * Opens a snapshot with the vault's keys and marks it as verified; false where something in it is damaged.
     *
     * @param percent of its data to read; 0: a sample
     */
    boolean open(SnapshotReader reader, int percent, Verification.Report report)
            throws IOException, InterruptedException {
        Remarks remarks = new Remarks(sago.output());
        long startedNs = sago.clock().monotonicNs();
        SnapshotCheck check = new SnapshotCheck(node, reader, percent, remarks);
        long total = percent == 0 ? 0 : reader.body().getBytes() / PERCENT_MAX * percent;
        ProgressPrinter printer = ProgressPrinter.start(
                sago.output(),
                sago.clock(),
                ProgressPrinter.columnsOfProcess(),
                () -> figures(check.progress(), total));
        SnapshotCheck.Result result = HomeCommand.beside(printer::close, () -> check.run(report));
        remarks.finish();
        String took = Units.duration(sago.clock().monotonicNs() - startedNs);
        say((result.isSound() ? "verified " : "damaged  ") + reader.dataset().name() + "  snapshot " + reader.name()
                + ": opened session, manifest, " + Units.count(result.entries()) + " entries"
                + " and " + Units.bytes(result.bytes()) + " in " + Units.count(result.chunks(), "chunk")
                + (percent == 0 ? " of " + Units.count(result.packs(), "pack") : " (" + percent + " %)")
                + ", all compared with their ids, in " + took
                + (result.isSound() ? "" : "; " + Units.count(result.damaged(), "file") + " DAMAGED"));
        item(
                "verification",
                fields -> fields.put("dataset", reader.dataset().name())
                        .put("site", endpoint.name())
                        .put("snapshot", reader.name())
                        .put("sound", result.isSound())
                        .put("entries", result.entries())
                        .put("packs", result.packs())
                        .put("chunks", result.chunks())
                        .put("bytes", result.bytes())
                        .put("files_damaged", result.damaged())
                        .put("data_percent", percent));
        return result.isSound();
    }

    private static ProgressFigures figures(DataCheckSummary read, long total) {
        return new ProgressFigures(read.bytes(), total, read.entries(), "", "");
    }

    private void item(String kind, Consumer<JsonFields> fields) {
        sago.output().message(MessageType.ITEM, json -> fields.accept(json.put("kind", kind)));
    }

    private void say(String line) {
        sago.output().line(line);
    }

    /** Plain lines: pages take seconds each. */
    private final class HashingProgress implements Verification.Progress {
        private static final long LINE_NS = 5_000_000_000L;
        private static final long STATUS_NS = 1_000_000_000L;
        private long lastNs = sago.clock().monotonicNs();

        @Override
        public void hashed(int packs, int ofPacks, long bytes) {
            long nowNs = sago.clock().monotonicNs();
            if (nowNs - lastNs > (sago.output().json() ? STATUS_NS : LINE_NS)) {
                lastNs = nowNs;
                sago.output().progress(packs + "/" + ofPacks + " packs hashed again, " + Units.bytes(bytes));
                sago.output()
                        .message(
                                MessageType.STATUS,
                                fields -> fields.put("packs_done", packs)
                                        .put("packs_total", ofPacks)
                                        .put("bytes_done", bytes));
            }
        }
    }
}
