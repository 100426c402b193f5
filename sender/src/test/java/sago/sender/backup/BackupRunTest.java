package sago.sender.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.trust.StubTerms;
import sago.sender.catalog.Snapshot;
import sago.sender.pack.PackSession;
import sago.sender.pack.SnapshotBodies;
import sago.sender.proto.SnapshotBody;

class BackupRunTest extends BackupFixture {
    @Test
    void everythingThatWasBackedUpComesBackBitForBit() throws Exception {
        BackupResult result = run();
        assertThat(result.troubles()).isZero();
        assertThat(contents(result.snapshot())).isEqualTo(sourceContents());
        assertThat(result.snapshot().body().getFiles()).isEqualTo(304);
        assertThat(result.snapshot().body().getPaths(0)).isEqualTo(ByteString.copyFromUtf8(source.toString()));
        assertThat(result.receipt()).isEqualTo(ByteString.copyFromUtf8("receipt of 1"));
        assertThat(home.catalog().snapshots().list()).containsExactly(result.snapshot());
        assertThat(result.progress().bytesRead())
                .isEqualTo(result.snapshot().body().getBytes());
        assertThat(target.imagesOutMax).isLessThan(MemoryTarget.IMAGES);
    }

    @Test
    void theSealedBodySaysWhatTheCatalogSays() throws Exception {
        BackupResult result = run();
        StubTerms terms = Objects.requireNonNull(target.lastStub).terms();
        PackSession session = new PackSession(
                terms.vault(), terms.dataset(), terms.session(), target.sessionKey(terms.session()), GEOMETRY);
        byte[] sealed = Objects.requireNonNull(target.lastBody).toByteArray();
        SnapshotBody body = SnapshotBodies.open(session, terms.sequence(), sealed, AEADS.aead());
        assertThat(body).isEqualTo(result.snapshot().body());
        assertThat(result.snapshot().hash()).isEqualTo(target.head().manifest());
    }

    @Test
    void anUnchangedTreeIsNotReadAgain() throws Exception {
        run();
        long stored = target.storedBytes();
        BackupResult second = run();
        assertThat(second.progress().bytesRead()).isZero();
        assertThat(second.progress().filesRead()).isZero();
        assertThat(target.storedBytes() - stored).isLessThanOrEqualTo(64 << 10);
        assertThat(contents(second.snapshot())).isEqualTo(sourceContents());
        assertThat(second.snapshot().sequence()).isEqualTo(2);
    }

    @Test
    void aChangedFileSendsOnlyItsNewChunks() throws Exception {
        run();
        try (RandomAccessFile file =
                new RandomAccessFile(source.resolve("b/large").toFile(), "rw")) {
            file.seek(100_000);
            file.write(7);
        }
        age(source.resolve("b/large"));
        BackupResult second = run();
        assertThat(second.progress().filesRead()).isEqualTo(1);
        assertThat(second.progress().bytesRead()).isEqualTo(400_000);
        assertThat(second.progress().newBytes()).isLessThan(150_000);
        assertThat(contents(second.snapshot())).isEqualTo(sourceContents());
    }

    @Test
    void aFileThatMayStillChangeUnderItsTimeIsReadAgain() throws Exception {
        run(new MovedClock(0));
        Files.writeString(source.resolve("just-now"), "fresh");
        run(new MovedClock(0));
        BackupResult third = run(new MovedClock(AN_HOUR_MS));
        assertThat(third.progress().filesRead()).isGreaterThan(0);
        BackupResult fourth = run(new MovedClock(AN_HOUR_MS));
        assertThat(fourth.progress().filesRead()).isZero();
    }

    @Test
    void whatWasDurableBeforeTheCutIsNotSentAgain() throws Exception {
        write("huge", noise(12 << 20, 3));
        target.packsUntilFailure = 3;
        assertThatThrownBy(this::run).extracting("fault").isEqualTo(Fault.CONNECTION_LOST);
        assertThat(target.packs()).isEqualTo(3);
        target.packsUntilFailure = Integer.MAX_VALUE;
        BackupResult result = run();
        BackupProgress progress = result.progress();
        long found = progress.bytesFinished() + progress.bytesRead() - progress.newBytes();
        assertThat(found).isGreaterThan(3L * (2 << 20) * 9 / 10);
        assertThat(Objects.requireNonNull(target.lastStub).terms().added().size())
                .isEqualTo(target.packs());
        assertThat(target.lastStub.terms().sessionHeaders()).hasSize(2);
        assertThat(contents(result.snapshot())).isEqualTo(sourceContents());
    }

    @Test
    void packsThatTheSiteLostBeforeTheNextRunAreStoredAnew() throws Exception {
        write("huge", noise(12 << 20, 3));
        target.packsUntilFailure = 3;
        assertThatThrownBy(this::run).extracting("fault").isEqualTo(Fault.CONNECTION_LOST);
        target.packsUntilFailure = Integer.MAX_VALUE;
        target.forgetEverything();
        BackupResult result = run();
        assertThat(contents(result.snapshot())).isEqualTo(sourceContents());
    }

    @Test
    void missingPacksAreStoredAgainInTheSameSession() throws Exception {
        target.commitsThatMiss = 2;
        BackupResult result = run();
        assertThat(contents(result.snapshot())).isEqualTo(sourceContents());
        assertThat(result.snapshot().body().getFiles()).isEqualTo(304);
        assertThat(warnings).hasSize(2);
    }

    @Test
    void aSiteThatLosesPacksAgainAndAgainIsGivenUp() {
        target.commitsThatMiss = 10;
        assertThatThrownBy(this::run).extracting("fault").isEqualTo(Fault.INTEGRITY);
    }

    @Test
    void packsOfOlderSnapshotsThatTheSiteLostAreDroppedAndTheirChunksStoredAnew() throws Exception {
        run();
        Files.writeString(source.resolve("new"), "another file");
        PackId lost = target.loseAPackOfTheNewestSnapshot();
        BackupResult second = run();
        assertThat(contents(second.snapshot())).isEqualTo(sourceContents());
        assertThat(Objects.requireNonNull(target.lastStub).terms().dropped()).contains(lost);
    }

    @Test
    void aConflictSaysThatADatasetHasOneSender() {
        target.conflict = true;
        assertThatThrownBy(this::run)
                .hasMessageContaining("one sender at a time")
                .extracting("fault")
                .isEqualTo(Fault.LOCKED);
    }

    @Test
    void aSnapshotWhoseReceiptWasLostIsFoundByTheNextRun() throws Exception {
        target.loseReceipt = true;
        assertThatThrownBy(this::run).extracting("fault").isEqualTo(Fault.CONNECTION_LOST);
        Hash lost = target.head().manifest();
        target.loseReceipt = false;
        BackupResult second = run();
        assertThat(second.snapshot().sequence()).isEqualTo(2);
        assertThat(home.catalog().snapshots().list())
                .extracting(Snapshot::hash)
                .containsExactly(lost, second.snapshot().hash());
        assertThat(home.catalog().snapshots().receiptOf(target.site(), lost)).isPresent();
        assertThat(contents(second.snapshot())).isEqualTo(sourceContents());
        assertThat(warnings).isEmpty();
    }

    @Test
    void aSiteThatWasSetUpAnewGetsEverythingAgain() throws Exception {
        run();
        target.forgetEverything();
        BackupResult second = run();
        assertThat(second.snapshot().sequence()).isEqualTo(1);
        assertThat(warnings).hasSize(1);
        assertThat(contents(second.snapshot())).isEqualTo(sourceContents());
        assertThat(home.catalog().snapshots().list()).containsExactly(second.snapshot());
    }

    @Test
    void aHomeThatLostItsCatalogGoesOnAfterTheSitesNewestSnapshot() throws Exception {
        run();
        close();
        Path state = Files.createDirectory(folder.resolve("state2"));
        home = openHome(state);
        BackupResult second = run();
        assertThat(second.snapshot().sequence()).isEqualTo(2);
        assertThat(contents(second.snapshot())).isEqualTo(sourceContents());
    }

    @Test
    void cutPointsOfALargeFileDoNotDependOnWhoReadsIt() throws Exception {
        List<Integer> one = rawLengths(run(means(1, new MovedClock(AN_HOUR_MS)), new CountingListener()));
        target.forgetEverything();
        Files.setLastModifiedTime(source.resolve("b/large"), FileTime.fromMillis(1));
        List<Integer> four = rawLengths(run(means(4, new MovedClock(AN_HOUR_MS)), new CountingListener()));
        assertThat(four).isEqualTo(one);
        assertThat(one.stream().mapToInt(Integer::intValue).sum()).isEqualTo(400_000);
    }

    @Test
    void stopsWhenItIsToldAndSaysThatItCanGoOn() throws Exception {
        write("huge", noise(12 << 20, 3));
        BackupRun cancelled = newRun(means(2, new MovedClock(AN_HOUR_MS)), new CountingListener());
        target.onPack = cancelled::cancel;
        assertThatThrownBy(cancelled::run)
                .hasMessageContaining("Run the same command again")
                .extracting("fault")
                .isEqualTo(Fault.INTERRUPTED);
        assertThat(Thread.interrupted()).isFalse();
        target.onPack = () -> {};
        BackupResult result = run();
        assertThat(contents(result.snapshot())).isEqualTo(sourceContents());
    }

    @Test
    void aSiteThatCannotBeReachedIsTriedOnceUnlessALimitWasGiven() throws Exception {
        refuse(3, Fault.SITE_UNREACHABLE);
        assertThatThrownBy(this::run).extracting("fault").isEqualTo(Fault.SITE_UNREACHABLE);
        assertThat(target.refusals).hasSize(2);
        refuse(1, Fault.LOCKED);
        BackupResult result = newRun(means(new Patience(1000, AN_HOUR_MS * 1_000_000)), new CountingListener())
                .run();
        assertThat(target.refusals).isEmpty();
        assertThat(result.progress().waiting()).isNull();
        assertThat(contents(result.snapshot())).isEqualTo(sourceContents());
    }

    @Test
    void aSiteThatCannotBeReachedIsGivenUpInTime() throws Exception {
        refuse(1000, Fault.SITE_UNREACHABLE);
        BackupRun run = newRun(means(new Patience(1_000_000, 20_000_000)), new CountingListener());
        assertThatThrownBy(run::run)
                .hasMessageContaining("gave up after")
                .hasMessageContaining("connection refused")
                .extracting("fault")
                .isEqualTo(Fault.INTERRUPTED);
    }

    @Test
    void aRefusalThatWaitingDoesNotCureEndsTheFirstTryToo() throws Exception {
        refuse(1, Fault.PEER_REFUSED);
        BackupRun run = newRun(means(new Patience(1000, AN_HOUR_MS * 1_000_000)), new CountingListener());
        assertThatThrownBy(run::run).extracting("fault").isEqualTo(Fault.PEER_REFUSED);
    }

    private void refuse(int times, Fault fault) {
        for (int i = 0; i < times; i++) {
            target.refusals.add(new FaultException(fault, "site sg (a:1) cannot be reached: connection refused"));
        }
    }

    @Test
    void refusesAWindowThatWouldMakeWorkersWaitForEachOther() {
        target.images = 2;
        assertThatThrownBy(this::run).extracting("fault").isEqualTo(Fault.USAGE);
    }

    @Test
    void worksWithTheSmallestWindow() throws Exception {
        target.images = 3;
        write("huge", noise(12 << 20, 3));
        BackupResult result = run();
        assertThat(contents(result.snapshot())).isEqualTo(sourceContents());
        assertThat(target.imagesOutMax).isLessThanOrEqualTo(3);
    }
}
