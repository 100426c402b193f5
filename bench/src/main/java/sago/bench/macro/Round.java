package sago.bench.macro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import sago.bench.data.Change;
import sago.bench.result.Samples;
import sago.common.time.Clock;

/** One program once through all cases on one data set, with a repository of its own that is deleted afterwards. Confined to one thread. */
final class Round {
    /** Room that is left free: what a repository and a restore take, and as much again. */
    private static final int ROOM_IN_DATA_SETS = 4;

    private final Sandbox sandbox;
    private final Meter meter;
    private final Material material;
    private final BackupSystem system;
    private final int number;
    private final Set<Case> cases;
    private final List<Double> fullWallsS;
    private final Consumer<Sample> sink;
    private final Path work;
    private final Path restored;
    private long fullWireBytes;

    /** Where and how often. */
    record Setting(Sandbox sandbox, Clock clock, Set<Case> cases) {}

    /** @param fullWallsS times of this program's full backups of these data so far; this round's is added */
    Round(Setting setting, Material material, BackupSystem system, List<Double> fullWallsS, Consumer<Sample> sink) {
        this.sandbox = setting.sandbox();
        this.meter = new Meter(setting.sandbox(), setting.clock());
        this.cases = setting.cases();
        this.material = material;
        this.system = system;
        this.number = fullWallsS.size() + 1;
        this.fullWallsS = fullWallsS;
        this.sink = sink;
        this.work = sandbox.scratch().resolve(system.name());
        this.restored = restored(setting);
    }

    /** Where the restores of all rounds of a data set lie, each in a folder of its own. */
    static Path restored(Setting setting) {
        return setting.sandbox().scratch().resolve("restored");
    }

    void run() throws IOException, InterruptedException {
        withServer(this::backupAndRestore);
        if (cases.contains(Case.RESUME) && !material.isImage()) {
            withServer(this::killAndResume);
        }
    }

    private interface Work {
        void with(BackupSystem.Running running, ProcessGroup server) throws IOException, InterruptedException;
    }

    private void withServer(Work body) throws IOException, InterruptedException {
        Folders.delete(work);
        Files.createDirectories(work);
        ProcessGroup server = sandbox.group("server");
        body.with(system.start(sandbox, server, work), server);
        sandbox.close(server);
        Folders.delete(work);
    }

    private void backupAndRestore(BackupSystem.Running running, ProcessGroup server)
            throws IOException, InterruptedException {
        material.warm();
        Invocation first = material.isImage() ? running.backupImage(material.path()) : running.backup(material.path());
        Sample.Cost full = measure(first, server);
        fullWallsS.add(full.wallS());
        fullWireBytes = full.wireBytes();
        record(material.isImage() ? Case.IMAGE : Case.FULL, full, running, Map.of());
        if (material.isImage()) {
            return;
        }
        if (cases.contains(Case.UNCHANGED)) {
            material.warm();
            record(Case.UNCHANGED, measure(running.backup(material.path()), server), running, Map.of());
        }
        if (cases.contains(Case.RESTORE)) {
            restore(running, server);
        }
        if (cases.contains(Case.CHANGED)) {
            Change change = material.change();
            change.apply();
            try {
                material.warm();
                record(
                        Case.CHANGED,
                        measure(running.backup(material.path()), server),
                        running,
                        Map.of("changed_bytes", change.bytes(), "changed_files", change.files()));
            } finally {
                change.revert();
            }
        }
    }

    private void restore(BackupSystem.Running running, ProcessGroup server) throws IOException, InterruptedException {
        Files.createDirectories(restored);
        Path target = restored.resolve(system.name() + "-" + number);
        Folders.read(running.stored());
        Sample.Cost cost = measure(running.restore(material.path(), target), server);
        Map<String, Object> more = new LinkedHashMap<>();
        if (number == 1) {
            boolean keepsAttributes =
                    TreeComparison.keepsAttributes(material.path(), running.restored(material.path(), target));
            more.put("verified", keepsAttributes ? "contents, permissions and times" : "contents only");
        }
        record(Case.RESTORE, cost, running, more);
        // Otherwise they stay until all rounds are over: before ext4 takes an inode it looks at each one that was freed
        // in the last minutes.
        if (Files.getFileStore(restored).getUsableSpace()
                < ROOM_IN_DATA_SETS * material.contents().bytes()) {
            Folders.delete(restored);
        }
    }

    private void killAndResume(BackupSystem.Running running, ProcessGroup server)
            throws IOException, InterruptedException {
        material.warm();
        long halfMs = (long) (500
                * Samples.median(
                        fullWallsS.stream().mapToDouble(Double::doubleValue).toArray()));
        long wireBefore = sandbox.wireBytes();
        boolean wasKilled = killAfter(running.backup(material.path()), halfMs);
        long wireOfKilled = sandbox.wireBytes() - wireBefore;
        server.cpuWhenQuietS();
        material.warm();
        Sample.Cost second = measure(running.backup(material.path()), server);
        record(
                Case.RESUME,
                second,
                running,
                Map.of(
                        "wire_before_kill_bytes",
                        wireOfKilled,
                        "sent_again_bytes",
                        Math.max(0, wireOfKilled + second.wireBytes() - fullWireBytes),
                        "killed_after_s",
                        halfMs / 1e3,
                        "killed",
                        wasKilled));
    }

    /** Whether it still ran when it was killed. */
    private boolean killAfter(Invocation invocation, long afterMs) throws IOException, InterruptedException {
        ProcessGroup client = sandbox.group("killed");
        Process process = client.start(invocation, log());
        boolean ended = process.waitFor(afterMs, TimeUnit.MILLISECONDS);
        client.kill();
        sandbox.close(client);
        return !ended;
    }

    private Path log() {
        return work.resolve("client.log");
    }

    private Sample.Cost measure(Invocation invocation, ProcessGroup server) throws IOException, InterruptedException {
        return meter.measure(invocation, server, log());
    }

    private void record(Case kind, Sample.Cost cost, BackupSystem.Running running, Map<String, Object> more)
            throws IOException {
        if (kind == Case.FULL && !cases.contains(Case.FULL)) {
            return;
        }
        sink.accept(new Sample(
                new Sample.Which(material.name(), kind, system.name(), number),
                cost,
                Folders.contents(running.stored()).bytes(),
                material.contents().bytes(),
                material.contents().entries(),
                more));
    }

    /** The programs in the order of a round: each begins in its turn. */
    static <T> List<T> rotated(List<T> systems, int round) {
        List<T> order = new ArrayList<>(systems);
        Collections.rotate(order, -(round - 1));
        return order;
    }
}
