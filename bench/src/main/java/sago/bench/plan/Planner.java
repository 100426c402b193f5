package sago.bench.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import sago.bench.plan.Model.Load;

/** Turns a job into a plan. One use, one thread. */
final class Planner {
    private static final double SENDER_BYTES = (224 + 288) * 1048576.0;
    private static final double RECEIVER_BYTES = (96 + 160) * 1048576.0;

    /** TLS, frames, acknowledgements, the tree's nodes and the rest of the last pack, beside the chunks themselves. */
    private static final Range WIRE_OVERHEAD = new Range(1.005, 1.01, 1.03);

    /** Packs are kept until less than half of them is needed, so old ones are partly dead. */
    private static final Range KEPT_OVERHEAD = new Range(1.0, 1.05, 1.3);

    private final Job job;
    private final Model model;
    private final Load all;
    private final Load changed;
    private final List<Figure> figures = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    Planner(Job job, HostModel host, Environment place) {
        this.job = job;
        this.model = new Model(host, place);
        double share = job.changedShare();
        this.all = new Load(job.protectBytes(), job.entries(), 0);
        this.changed = new Load(job.protectBytes() * share, job.entries() * share, job.entries() * (1 - share));
        notes.addAll(host.sources());
        notes.add(place.link().source());
    }

    Plan plan() {
        Estimate full = model.backup(all);
        Estimate incremental = model.backup(changed);
        Estimate restore = model.restore(all);
        times(full, incremental, restore);
        cores();
        link();
        memory();
        storage();
        outage(incremental);
        window(incremental);
        Environment place = model.place();
        disk(place.homeDisk(), "The disk at home was not measured and counts as no limit: give --home-disk MB/s");
        disk(place.siteDisk(), "The disk at the site was not measured and counts as no limit: give --site-disk MB/s");
        return new Plan(figures, full, incremental, restore, notes);
    }

    private void disk(DiskModel disk, String unknown) {
        if (disk.isUnknown()) {
            notes.add(unknown + ", or --work DIR to measure one here.");
        } else if (!disk.source().isEmpty() && !notes.contains(disk.source())) {
            notes.add(disk.source());
        }
    }

    private void times(Estimate full, Estimate incremental, Estimate restore) {
        String turn = job.sites() == 1 ? "" : ", " + job.sites() + " sites one after the other";
        Range fullS = full.totalS().times(job.sites());
        Range incrementalS = incremental.totalS().times(job.sites());
        add("full_s", "first full backup", Unit.SECONDS, fullS, because(full) + turn);
        add("incremental_s", "each incremental", Unit.SECONDS, incrementalS, because(incremental) + turn);
        add(
                "rpo_s",
                "RPO: work lost at worst",
                Unit.SECONDS,
                incrementalS.plus(Range.exactly(job.everyS())),
                "a change just after one run began is safe when the next has ended: interval + incremental");
        add("restore_all_s", "RTO: restore everything", Unit.SECONDS, restore.totalS(), because(restore));
        Estimate hundredth = model.restore(new Load(all.bytes() / 100, all.entries() / 100, 0));
        add("restore_1_percent_s", "RTO: restore 1 %", Unit.SECONDS, hundredth.totalS(), because(hundredth));
    }

    private static String because(Estimate estimate) {
        Range wait = estimate.waits().get(estimate.bottleneck());
        return "start " + Unit.SECONDS.text(estimate.startS().mid()) + " + the slowest, "
                + estimate.bottleneck().words() + ", " + Unit.SECONDS.text(wait == null ? 0 : wait.mid());
    }

    private void cores() {
        Range windowS = Range.exactly(job.windowS() / job.sites());
        Range home = model.homeCoreS(changed);
        Range site = model.siteCoreS(changed);
        add(
                "cores_home",
                "cores at home for the window",
                Unit.COUNT,
                coresFor(home.per(windowS)),
                core(home.mid()) + " core-seconds within " + Unit.SECONDS.text(windowS.mid()) + " for each site");
        add(
                "cores_site",
                "cores at the site for the window",
                Unit.COUNT,
                coresFor(site.per(windowS)),
                core(site.mid()) + " core-seconds within " + Unit.SECONDS.text(windowS.mid()));
        LinkModel link = model.place().link();
        Range plaintextGbPerS = link.bytesPerS().per(model.host().storedShare()).times(1e-9);
        Range busy = plaintextGbPerS.times(model.host().full().homePerGb());
        add(
                "cores_home_to_fill_link",
                "cores at home to fill the link",
                Unit.COUNT,
                coresFor(busy),
                String.format(
                        Locale.ROOT,
                        "%.2f core-s per GB of plaintext x %.3f GB/s of plaintext that the link takes",
                        model.host().full().homePerGb().mid(),
                        plaintextGbPerS.mid()));
    }

    private static String core(double coreSeconds) {
        return String.format(Locale.ROOT, coreSeconds < 100 ? "%.1f" : "%,.0f", coreSeconds);
    }

    private Range coresFor(Range busy) {
        return model.host().full().scaling().coresFor(busy);
    }

    private void link() {
        LinkModel link = model.place().link();
        add(
                "connections",
                "connections",
                Unit.COUNT,
                Range.exactly(link.streamsUsed()),
                link.streams() > 0
                        ? "as given or measured best; the link's rate x round trip / window of one connection asks for "
                                + link.streamsNeeded()
                        : "link's rate x round trip / window of one connection, "
                                + Unit.BYTES.text(link.streamWindow().mid()) + " each");
        Range wire = stored(job.protectBytes() * job.changedShare() * job.runsPerDay())
                .times(WIRE_OVERHEAD)
                .times(job.sites());
        add(
                "wire_bytes_per_day",
                "bytes over the link in a day",
                Unit.BYTES,
                wire,
                "changed bytes x stored share x 1.01 for frames and TLS x sites");
    }

    private Range stored(double plaintextBytes) {
        return model.host().storedShare().times(plaintextBytes);
    }

    private void memory() {
        add(
                "memory_home_bytes",
                "memory at home",
                Unit.MEMORY,
                Range.exactly(SENDER_BYTES),
                "bound of the launcher: 224 MiB of heap + 288 MiB direct, 192 MiB of it the window; never grows with the data");
        add(
                "memory_site_bytes",
                "memory at the site",
                Unit.MEMORY,
                Range.exactly(RECEIVER_BYTES),
                "bound of the launcher: 96 MiB of heap + 160 MiB direct; never grows with the data");
    }

    private void storage() {
        double changedBytes = job.protectBytes() * job.changedShare() * job.runsPerDay() * job.keepDays();
        Range disk = stored(job.protectBytes()).plus(stored(changedBytes).times(KEPT_OVERHEAD));
        add(
                "site_disk_bytes",
                String.format(Locale.ROOT, "disk at each site, %.0f days kept", job.keepDays()),
                Unit.BYTES,
                disk,
                "(everything once + what the days change, up to 30 % more where packs are partly dead) x stored share");
    }

    private void outage(Estimate incremental) {
        if (job.outageS() == 0) {
            return;
        }
        double runs = Math.floor(job.outageS() / job.everyS()) + 1;
        double share = Math.min(1, job.changedShare() * runs);
        Estimate catchUp =
                model.backup(new Load(job.protectBytes() * share, job.entries() * share, job.entries() * (1 - share)));
        Range catchUpS = catchUp.totalS();
        String outage = Unit.SECONDS.text(job.outageS());
        add(
                "catch_up_s",
                "first run after an outage of " + outage,
                Unit.SECONDS,
                catchUpS,
                "everything that changed meanwhile in one run: " + because(catchUp));
        add(
                "rpo_outage_s",
                "RPO with that outage",
                Unit.SECONDS,
                catchUpS.max(incremental.totalS()).plus(Range.exactly(job.everyS() + job.outageS())),
                "interval + outage + the run that catches up: the backup waits, nothing is captured meanwhile");
        add(
                "spool_bytes",
                "spool for that outage (not built)",
                Unit.BYTES,
                stored(job.protectBytes() * share).times(WIRE_OVERHEAD),
                "what the outage's runs would store; today there is no spool: the window of 192 MiB fills and the source waits");
        notes.add(
                "There is no spool yet: while a site is away its backup waits, keeps its checkpoint and goes on when the site is back. The RPO grows by the outage.");
    }

    private void window(Estimate incremental) {
        Range total = incremental.totalS().times(job.sites());
        String window = Unit.SECONDS.text(job.windowS());
        if (total.low() > job.windowS()) {
            notes.add("An incremental does NOT fit into the window of " + window + ": more of "
                    + incremental.bottleneck().words() + " is needed first.");
        } else if (total.high() > job.windowS()) {
            notes.add(
                    "An incremental may miss the window of " + window + ": its high figure is beyond it, its limit is "
                            + incremental.bottleneck().words() + ".");
        } else {
            notes.add("An incremental fits into the window of " + window + ".");
        }
        if (total.high() > job.everyS()) {
            notes.add("An incremental may take longer than the interval between two: the next would wait for it.");
        }
    }

    private void add(String key, String words, Unit unit, Range range, String how) {
        figures.add(new Figure(key, words, unit, range, how));
    }
}
