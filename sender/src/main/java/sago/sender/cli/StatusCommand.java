package sago.sender.cli;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import sago.common.cli.Units;
import sago.common.id.DatasetId;
import sago.common.id.SiteId;
import sago.sender.catalog.Snapshot;
import sago.sender.checkpoint.CheckpointJournal;
import sago.sender.checkpoint.CheckpointState;
import sago.sender.keys.DatasetKeys;
import sago.sender.keys.HomeContext;
import sago.sender.keys.MovedDataset;
import sago.sender.keys.SiteEndpoint;
import sago.sender.node.HomeNode;
import sago.sender.node.RotationMarks;
import sago.sender.node.VerifyMarks;

/** {@code sago status}: what is good, verified and left to do, for each dataset at each site that may hold it. */
@Command(
        name = "status",
        description =
                "Say for each dataset when it was last good and last verified where, and what is left to do. Needs neither"
                        + " passphrase nor site.",
        footer = {"", "Example:  sago status"})
final class StatusCommand extends HomeCommand {
    /** What a user should do next; what is most urgent comes last. */
    private enum Advice {
        VERIFY_AGAIN,
        BACK_UP_AGAIN,
        VERIFY,
        BACK_UP,
        ROTATE
    }

    private Advice advice = Advice.VERIFY_AGAIN;
    private String dataset = "";

    @Override
    public Integer call() throws IOException {
        HomeContext context = context();
        requireHome(context);
        try (HomeNode node = node(context)) {
            List<DatasetKeys> datasets = node.sender().datasets();
            List<SiteEndpoint> sites = node.sender().sites();
            Set<DatasetId> own = new HashSet<>();
            for (DatasetKeys keys : datasets) {
                own.add(keys.dataset());
                for (SiteEndpoint site : sites) {
                    if (site.terms().classes().contains(keys.dataClass())) {
                        show(node, keys, site);
                    }
                }
            }
            for (MovedDataset moved : node.sender().moved()) {
                own.add(moved.dataset());
                showMoved(node, moved, sites);
            }
            showElsewhere(node, own);
            if (dataset.isEmpty()) {
                say(sites.isEmpty() ? "no site yet" : "nothing was backed up yet");
                next((sites.isEmpty() ? "sago receiver init at a site, then sago site add REQUEST" : "sago backup PATH")
                        + homeFlag());
                return 0;
            }
        }
        next(command() + homeFlag());
        return 0;
    }

    private String command() {
        return switch (advice) {
            case ROTATE -> "sago key rotate --dataset " + dataset;
            case BACK_UP, BACK_UP_AGAIN -> "sago backup --dataset " + dataset + " PATH";
            case VERIFY, VERIFY_AGAIN -> "sago verify --dataset " + dataset;
        };
    }

    private void advise(Advice wanted, String name) {
        if (dataset.isEmpty() || wanted.compareTo(advice) > 0) {
            advice = wanted;
            dataset = name;
        }
    }

    private void show(HomeNode node, DatasetKeys keys, SiteEndpoint site) throws IOException {
        long nowMs = sago().clock().wallMs();
        Optional<Snapshot> newest =
                node.hasCatalog() ? node.catalog().snapshots().newest(keys.dataset(), site.site()) : Optional.empty();
        String none = node.hasLostCatalog()
                ? "the catalog is lost: `sago sender rebuild --dataset " + keys.name() + "` reads it back"
                : "no snapshot yet";
        say(keys.name() + "  " + site.name() + "  "
                + newest.map(snapshot -> lastGood(snapshot, nowMs)).orElse(none));
        tell(node, keys, site, newest);
        advise(newest.isEmpty() ? Advice.BACK_UP : Advice.BACK_UP_AGAIN, keys.name());
        if (newest.isPresent()) {
            detail("verified", verified(node, keys, site, newest.get()));
            detail("site check", siteCheck(node, keys, site, nowMs));
        }
        if (node.hasCatalog()) {
            int waiting = node.catalog()
                    .packs()
                    .uncommitted(keys.dataset(), site.site())
                    .size();
            detail("backlog", waiting == 0 ? "0" : Units.count(waiting, "pack") + " of a backup that did not end");
            if (waiting > 0) {
                advise(Advice.BACK_UP, keys.name());
            }
        }
        Optional<CheckpointState> saved = CheckpointJournal.read(
                node.checkpointFolder(keys.dataset(), site.site()),
                node.context().files());
        if (saved.isPresent()) {
            detail("checkpoint", checkpoint(saved.get(), nowMs));
            advise(Advice.BACK_UP, keys.name());
        }
        if (new RotationMarks(node.context()).isRotating(keys.dataset())) {
            detail("key", "a rotation has begun and not ended");
            advise(Advice.ROTATE, keys.name());
        }
    }

    /** The same for programs. */
    private void tell(HomeNode node, DatasetKeys keys, SiteEndpoint site, Optional<Snapshot> newest)
            throws IOException {
        VerifyMarks marks = new VerifyMarks(node.context());
        Optional<VerifyMarks.Verified> verified = marks.verified(keys.dataset(), site.site());
        Optional<VerifyMarks.SiteCheck> checked = marks.checked(keys.dataset(), site.site());
        int waiting = node.hasCatalog()
                ? node.catalog()
                        .packs()
                        .uncommitted(keys.dataset(), site.site())
                        .size()
                : 0;
        Optional<CheckpointState> saved = CheckpointJournal.read(
                node.checkpointFolder(keys.dataset(), site.site()),
                node.context().files());
        boolean isLost = node.hasLostCatalog();
        boolean isRotating = new RotationMarks(node.context()).isRotating(keys.dataset());
        item("dataset", fields -> {
            fields.put("dataset", keys.name())
                    .put("site", site.name())
                    .put("catalog_lost", isLost)
                    .put("backlog_packs", waiting)
                    .put("rotating", isRotating);
            newest.ifPresent(snapshot -> fields.put("snapshot", snapshot.name())
                    .time("last_good", snapshot.body().getFinishedMs())
                    .put("bytes", snapshot.body().getBytes()));
            verified.ifPresent(mark -> fields.time("verified", mark.atMs())
                    .put(
                            "verified_newest",
                            newest.isPresent()
                                    && mark.manifest().equals(newest.get().hash()))
                    .put("verified_bytes", mark.bytes())
                    .put("verified_data_percent", mark.dataPercent()));
            checked.ifPresent(mark -> fields.time("site_checked", mark.atMs()).put("site_checked_packs", mark.packs()));
            saved.ifPresent(state -> fields.object(
                    "checkpoint",
                    one -> one.put("files", state.files())
                            .put("bytes", state.bytes())
                            .put("packs_acknowledged", state.acknowledgedPacks())
                            .time("saved", state.lastRecordMs())));
        });
    }

    private void detail(String what, String text) {
        say(String.format("    %-10s  %s", what, text));
    }

    private static String lastGood(Snapshot snapshot, long nowMs) {
        long lastMs = snapshot.body().getFinishedMs();
        return "last good " + Units.utc(lastMs) + " (" + Units.age(lastMs, nowMs) + ")  "
                + Units.bytes(snapshot.body().getBytes()) + "  snapshot " + snapshot.name();
    }

    private String verified(HomeNode node, DatasetKeys keys, SiteEndpoint site, Snapshot newest) throws IOException {
        long nowMs = sago().clock().wallMs();
        Optional<VerifyMarks.Verified> mark = new VerifyMarks(node.context()).verified(keys.dataset(), site.site());
        if (mark.isEmpty()) {
            boolean here = node.context().hasVault();
            if (here) {
                advise(Advice.VERIFY, keys.name());
            }
            return here ? "never" : "never from here: the key holder verifies, where the vault is";
        }
        VerifyMarks.Verified last = mark.get();
        boolean isNewest = last.manifest().equals(newest.hash());
        String which = isNewest
                ? "the newest snapshot"
                : "snapshot "
                        + last.manifest().toString().substring(0, newest.name().length());
        return Units.utc(last.atMs()) + " (" + Units.age(last.atMs(), nowMs) + ")  " + which + ", opened "
                + Units.bytes(last.bytes()) + " in " + Units.count(last.chunks(), "chunk")
                + (last.dataPercent() == 0 ? "" : " (" + last.dataPercent() + " %)");
    }

    private static String siteCheck(HomeNode node, DatasetKeys keys, SiteEndpoint site, long nowMs) throws IOException {
        return new VerifyMarks(node.context())
                .checked(keys.dataset(), site.site())
                .map(mark -> Units.utc(mark.atMs()) + " (" + Units.age(mark.atMs(), nowMs) + ")  "
                        + Units.count(mark.packs(), "pack") + ", " + Units.bytes(mark.bytes()) + " hashed there")
                .orElse("never");
    }

    private static String checkpoint(CheckpointState saved, long nowMs) {
        return Units.count(saved.files(), "file") + ", " + Units.bytes(saved.bytes())
                + " read, not again where their packs are durable; "
                + Units.count(saved.acknowledgedPacks(), "pack") + " since durable; saved "
                + Units.utc(saved.lastRecordMs())
                + " (" + Units.age(saved.lastRecordMs(), nowMs) + ")";
    }

    /** Its snapshots are noted where its sender is; what is known here is what the key holder verified. */
    private void showMoved(HomeNode node, MovedDataset moved, List<SiteEndpoint> sites) throws IOException {
        long nowMs = sago().clock().wallMs();
        say(moved.name() + "  sender " + moved.sender() + " has it: `sago status` there says when it was last good");
        item("moved_dataset", fields -> fields.put("dataset", moved.name()).put("sender", moved.sender()));
        for (SiteEndpoint site : sites) {
            Optional<VerifyMarks.Verified> mark =
                    new VerifyMarks(node.context()).verified(moved.dataset(), site.site());
            if (mark.isPresent()) {
                detail(
                        "verified",
                        Units.utc(mark.get().atMs()) + " ("
                                + Units.age(mark.get().atMs(), nowMs) + ")  snapshot "
                                + mark.get().sequence() + " at " + site.name());
            }
        }
        advise(Advice.VERIFY_AGAIN, moved.name());
    }

    /** What was backed up from here once, by a sender that has the dataset no more. */
    private void showElsewhere(HomeNode node, Set<DatasetId> own) throws IOException {
        if (!node.hasCatalog()) {
            return;
        }
        record Place(DatasetId dataset, SiteId site) {}
        Set<Place> shown = new HashSet<>();
        for (Snapshot snapshot : node.catalog().snapshots().list()) {
            Place place = new Place(snapshot.dataset(), snapshot.site());
            if (!own.contains(place.dataset()) && shown.add(place)) {
                Optional<Snapshot> last = node.catalog().snapshots().newest(place.dataset(), place.site());
                say(node.catalog()
                                .names()
                                .dataset(place.dataset())
                                .orElse(place.dataset().toString()) + "  "
                        + node.catalog()
                                .names()
                                .site(place.site())
                                .orElse(place.site().toString())
                        + "  its sender is elsewhere now; last backed up from here "
                        + Units.utc(last.orElse(snapshot).body().getFinishedMs()));
            }
        }
    }
}
