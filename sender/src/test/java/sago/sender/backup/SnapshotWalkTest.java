package sago.sender.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SiteId;
import sago.sender.catalog.LivePack;
import sago.sender.catalog.Snapshot;
import sago.sender.pack.PackReader;
import sago.sender.retain.SnapshotWalk;
import sago.sender.retain.WalkMemory;

/** The key holder's walk over trees that backups made. */
class SnapshotWalkTest extends BackupFixture {
    @Test
    void passesASnapshotThatStandsOnWhatItNames() throws Exception {
        write("huge", noise(8 << 20, 3));
        Snapshot snapshot = run().snapshot();
        SnapshotWalk first = walk(snapshot, target.named().keySet());
        assertThat(first.fetched()).isPositive().isEqualTo(first.nodes());
        assertThat(walk(snapshot, Set.of()).nodes()).as("walked before").isZero();
    }

    @Test
    void fetchesNodesThatSnapshotsShareOnce() throws Exception {
        write("huge", noise(8 << 20, 3));
        Snapshot first = run().snapshot();
        SnapshotWalk one = walk(first, target.named().keySet());
        Snapshot second = run().snapshot();
        SnapshotWalk two = walk(second, target.named().keySet());
        assertThat(two.nodes()).isEqualTo(one.nodes());
        assertThat(two.fetched()).as("folders above the source change").isLessThan(two.nodes());
    }

    @Test
    void refusesASnapshotOfWhichAnyPackThatItReachesIsNotNamed() throws Exception {
        write("huge", noise(8 << 20, 3));
        Snapshot snapshot = run().snapshot();
        List<LivePack> live = new ArrayList<>();
        home.catalog().uses().live(snapshot.dataset(), snapshot.site(), snapshot.sequence(), live::add);
        assertThat(live).hasSizeGreaterThan(4);
        for (LivePack pack : live) {
            Set<PackId> named = new HashSet<>(target.named().keySet());
            named.remove(pack.pack());
            assertThatThrownBy(() -> walk(snapshot, named))
                    .hasMessageContaining(pack.pack().toString())
                    .extracting("fault")
                    .isEqualTo(Fault.INTEGRITY);
        }
    }

    @Test
    void whatIsDamagedInItsMemoryIsFoundOutAgain() throws Exception {
        Snapshot snapshot = run().snapshot();
        SnapshotWalk first = walk(snapshot, target.named().keySet());
        memory(memory -> memory.verified(snapshot.hash(), 7));
        try (Connection file = DriverManager.getConnection("jdbc:sqlite:" + memoryFile());
                Statement statement = file.createStatement()) {
            statement.executeUpdate("UPDATE node SET packs = zeroblob(length(packs)), below = zeroblob(length(below))");
            statement.executeUpdate("UPDATE fact SET value = value + 1");
        }
        memory(memory -> assertThat(memory.isVerified(snapshot.hash())).isFalse());
        SnapshotWalk again = walk(snapshot, target.named().keySet());
        assertThat(again.fetched()).isEqualTo(first.fetched());
        memory(memory -> assertThat(memory.isWalked(snapshot.hash())).isTrue());
    }

    @Test
    void remembersOfEachSiteWhatWasVerifiedThere() throws Exception {
        Hash manifest = Hash.ZERO;
        memory(memory -> memory.verified(manifest, 7));
        memory(memory -> assertThat(memory.isVerified(manifest)).isTrue());
        try (WalkMemory elsewhere = WalkMemory.open(memoryFile(), new SiteId(9, 9))) {
            assertThat(elsewhere.isVerified(manifest)).isFalse();
        }
    }

    private interface With {
        void run(WalkMemory memory) throws Exception;
    }

    private void memory(With work) throws Exception {
        try (WalkMemory memory = WalkMemory.open(memoryFile(), target.site())) {
            work.run(memory);
        }
    }

    private Path memoryFile() throws Exception {
        return Files.createDirectories(folder.resolve("walks")).resolve("test.db");
    }

    private SnapshotWalk walk(Snapshot snapshot, Set<PackId> named) throws Exception {
        try (WalkMemory memory = WalkMemory.open(memoryFile(), target.site());
                PackReader reader = new PackReader(target, target, dataset.idKey(), AEADS, 1 << 20)) {
            SnapshotWalk walk = new SnapshotWalk(reader, memory);
            walk.walk(snapshot.hash(), root(snapshot), named);
            return walk;
        }
    }
}
