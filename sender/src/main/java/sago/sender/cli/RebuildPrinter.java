package sago.sender.cli;

import java.util.List;
import sago.common.cli.JsonFields;
import sago.common.cli.Units;
import sago.common.time.Clock;
import sago.sender.node.Rebuild;
import sago.sender.node.StateRebuild;

/** Says how a rebuild goes, and what came of it. Main thread. */
final class RebuildPrinter implements Rebuild.Progress {
    private static final long LINE_NS = 5_000_000_000L;

    private final SagoMain sago;
    private final Clock clock;
    private final Remarks remarks;
    private long lastNs;

    RebuildPrinter(SagoMain sago) {
        this.sago = sago;
        this.clock = sago.clock();
        this.remarks = new Remarks(sago.output());
        this.lastNs = clock.monotonicNs();
    }

    @Override
    public void packs(int done, int of, long bytesRead) {
        long nowNs = clock.monotonicNs();
        if (nowNs - lastNs > LINE_NS) {
            lastNs = nowNs;
            sago.output().progress("tables of " + done + "/" + of + " packs, " + Units.bytes(bytesRead) + " read");
        }
    }

    @Override
    public void warning(String message) {
        remarks.print(message);
    }

    /** Members of the summary: what was read back of each dataset at each site. */
    static void tell(JsonFields fields, List<StateRebuild.Part> parts) {
        fields.list("rebuilt", parts, (one, part) -> {
            Rebuild.Report report = part.report();
            one.put("dataset", report.dataset().name())
                    .put("site", part.site().name())
                    .put("snapshots", report.snapshots())
                    .put("packs", report.packs())
                    .put("packs_lost", report.lost())
                    .put("chunks", report.chunks())
                    .put("bytes_read", report.bytesRead());
            report.newest()
                    .ifPresent(newest -> one.put("newest", newest.name())
                            .put("newest_number", newest.sequence())
                            .time("newest_time", newest.body().getFinishedMs()));
        });
    }

    /** One line for each dataset at each site. */
    void report(List<StateRebuild.Part> parts) {
        remarks.finish();
        for (StateRebuild.Part part : parts) {
            Rebuild.Report report = part.report();
            String start =
                    "rebuilt   " + report.dataset().name() + "  " + part.site().name() + "  ";
            if (report.newest().isEmpty()) {
                sago.output().line(start + "no snapshot there");
                continue;
            }
            Rebuild.Report.Newest newest = report.newest().get();
            sago.output()
                    .line(start + Units.count(report.snapshots(), "snapshot") + ", newest " + newest.name()
                            + ", number " + newest.sequence() + " of "
                            + Units.utc(newest.body().getFinishedMs()) + "; " + Units.count(report.packs(), "pack")
                            + (report.lost() == 0 ? "" : " (" + Units.count(report.lost()) + " of them LOST there)")
                            + ", " + Units.count(report.chunks(), "chunk") + ", " + Units.bytes(report.bytesRead())
                            + " read");
        }
    }
}
