package sago.sender.cli;

import java.util.ArrayList;
import java.util.List;
import sago.common.cli.MessageType;
import sago.common.cli.Output;
import sago.common.cli.Units;
import sago.sender.keys.SiteEndpoint;
import sago.sender.keys.VaultDataset;
import sago.sender.node.Forget;
import sago.sender.node.ForgetPlan;
import sago.sender.retain.Kept;

/** Says what stays, why, and what goes. Confined to one thread. */
final class ForgetPrinter implements Forget.Listener {
    private final Output output;
    private final boolean dryRun;
    private final long minimumAgeNs;
    private final List<Done> sites = new ArrayList<>();

    ForgetPrinter(Output output, boolean dryRun, long minimumAgeNs) {
        this.output = output;
        this.dryRun = dryRun;
        this.minimumAgeNs = minimumAgeNs;
    }

    private record Done(String site, int kept, int removed, long freedBytes) {}

    void plan(ForgetPlan plan) {
        for (Kept<ForgetPlan.TakenSnapshot> snapshot : plan.snapshots()) {
            output.line((snapshot.stays() ? "keep    " : "remove  ")
                    + snapshot.snapshot().link().name() + "  "
                    + Units.utc(snapshot.snapshot().takenMs()) + "  "
                    + plan.site().name()
                    + (snapshot.stays() ? "  " + String.join(", ", snapshot.reasons()) : ""));
            output.message(
                    MessageType.ITEM,
                    fields -> fields.put("kind", "snapshot")
                            .put("snapshot", snapshot.snapshot().link().name())
                            .put("dataset", plan.dataset().name())
                            .put("site", plan.site().name())
                            .time("started", snapshot.snapshot().takenMs())
                            .put("stays", snapshot.stays())
                            .list("reasons", snapshot.reasons()));
        }
        long freed = plan.freedBytes();
        Done done =
                new Done(plan.site().name(), plan.staying().size(), plan.going().size(), freed);
        sites.add(done);
        if (dryRun) {
            output.line("would    " + done.site + ": remove " + Units.count(done.removed, "snapshot") + ", keep "
                    + Units.count(done.kept) + young(plan) + "; " + Units.bytes(freed) + " would come back");
        }
    }

    void done(ForgetPlan plan, Forget.Report report) {
        if (plan.going().isEmpty()) {
            output.line("nothing  " + plan.site().name() + ": all "
                    + Units.count(plan.staying().size(), "snapshot") + " stay" + young(plan));
            return;
        }
        output.line("forgot   " + plan.site().name() + ": " + Units.count(report.expired(), "snapshot") + "; "
                + Units.count(plan.staying().size()) + " stay, " + Units.count(report.verified())
                + " of them verified; "
                + Units.bytes(plan.freedBytes()) + " come back when the site's grace is over; "
                + Units.count(report.fetched(), "tree node") + " read");
    }

    private String young(ForgetPlan plan) {
        return plan.young() == 0
                ? ""
                : ", " + Units.count(plan.young()) + " of them only for being younger than the minimum age of "
                        + Units.duration(minimumAgeNs);
    }

    void summary(VaultDataset dataset) {
        output.message(
                MessageType.SUMMARY,
                fields -> fields.put("dataset", dataset.name())
                        .put("dry_run", dryRun)
                        .put("kept", sites.stream().mapToLong(Done::kept).sum())
                        .put("removed", sites.stream().mapToLong(Done::removed).sum())
                        .list(
                                "sites",
                                sites,
                                (each, done) -> each.put("site", done.site)
                                        .put("kept", done.kept)
                                        .put("removed", done.removed)
                                        .put("freed_bytes", done.freedBytes)));
    }

    @Override
    public void walked(SiteEndpoint site, int snapshots, int of) {
        output.message(
                MessageType.STATUS,
                fields ->
                        fields.put("site", site.name()).put("walked", snapshots).put("snapshots", of));
    }

    @Override
    public void expired(SiteEndpoint site, int snapshots, int of) {
        output.message(
                MessageType.STATUS,
                fields -> fields.put("site", site.name())
                        .put("expired", snapshots)
                        .put("snapshots", of));
    }

    @Override
    public void warning(String message) {
        output.warning(message);
    }
}
