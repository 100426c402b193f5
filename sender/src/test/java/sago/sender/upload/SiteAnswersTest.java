package sago.sender.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.proto.Audited;
import sago.common.proto.AuditedPack;
import sago.common.proto.ManifestHead;
import sago.common.proto.Manifests;

/** What a site answers is bounded and in order, or it is refused. */
class SiteAnswersTest {
    private static final DatasetId USERS = new DatasetId(0, 5);
    private static final DatasetId MAIL = new DatasetId(0, 6);

    @Test
    void collectsSnapshotsPageByPage() throws Exception {
        SnapshotHeads heads = new SnapshotHeads("site", USERS, 3);
        assertThat(heads.next(2).getFromSequence()).isEqualTo(3);
        heads.add(page(true, head(USERS, 3), head(USERS, 5)));
        assertThat(heads.more()).isTrue();
        assertThat(heads.next(2).getFromSequence()).isEqualTo(6);
        heads.add(page(false, head(USERS, 6)));
        assertThat(heads.more()).isFalse();
        assertThat(heads.list()).extracting(SnapshotHead::sequence).containsExactly(3L, 5L, 6L);
    }

    @Test
    void listsEveryDatasetInOrder() throws Exception {
        SnapshotHeads heads = new SnapshotHeads("site", null, 1);
        heads.add(page(false, head(USERS, 1), head(USERS, 2), head(MAIL, 1)));
        assertThat(heads.list()).hasSize(3);
    }

    @Test
    void asksForTheNextPageOfEveryDatasetBehindTheLastSnapshotOfTheOneBefore() throws Exception {
        SnapshotHeads heads = new SnapshotHeads("site", null, 1);
        assertThat(heads.next(2).getAfterDataset()).isEmpty();
        heads.add(page(true, head(USERS, 1), head(USERS, 2)));
        assertThat(heads.more()).isTrue();
        assertThat(heads.next(2).getAfterDataset()).isEqualTo(ByteString.copyFrom(USERS.toBytes()));
        assertThat(heads.next(2).getAfterSequence()).isEqualTo(2);
        heads.add(page(false, head(MAIL, 1)));
        assertThat(heads.list()).hasSize(3);
    }

    @Test
    void refusesSnapshotsThatWereNotAskedOrDoNotAscend() {
        refused(Fault.PROTOCOL, () -> new SnapshotHeads("site", USERS, 1).add(page(false, head(MAIL, 1))));
        refused(Fault.PROTOCOL, () -> new SnapshotHeads("site", USERS, 4).add(page(false, head(USERS, 3))));
        refused(
                Fault.PROTOCOL,
                () -> new SnapshotHeads("site", USERS, 1).add(page(false, head(USERS, 2), head(USERS, 2))));
        refused(
                Fault.PROTOCOL,
                () -> new SnapshotHeads("site", null, 1).add(page(false, head(MAIL, 1), head(USERS, 2))));
    }

    @Test
    void refusesAListThatNeverEnds() {
        refused(Fault.LIMIT, () -> new SnapshotHeads("site", USERS, 1).add(page(true)));
    }

    @Test
    void readsAnAuditedPage() throws Exception {
        AuditPage page = AuditPage.of("site", audited(true, row(2, true), row(3, false)), new PackId(0, 1), 2);
        assertThat(page.more()).isTrue();
        assertThat(page.packs().get(0).root()).contains(new Hash(0, 0, 0, 2));
        assertThat(page.packs().get(1).root()).isEmpty();
        assertThat(page.packs().get(1).sound()).isFalse();
    }

    @Test
    void refusesAuditedPacksThatRepeatOrAreTooManyOrNone() {
        refused(Fault.PROTOCOL, () -> audit(new PackId(0, 2), 5, row(2, true)));
        refused(Fault.PROTOCOL, () -> audit(null, 5, row(3, true), row(2, true)));
        refused(Fault.PROTOCOL, () -> audit(null, 1, row(2, true), row(3, true)));
        refused(Fault.PROTOCOL, () -> AuditPage.of("site", audited(true), null, 5));
    }

    @Test
    void refusesIdsOfAnotherLength() {
        refused(Fault.PROTOCOL, () -> PackStatuses.packId(ByteString.copyFrom(new byte[15])));
        refused(Fault.PROTOCOL, () -> PackStatuses.packIds(ByteString.copyFrom(new byte[17])));
    }

    private static void audit(@Nullable PackId after, int max, AuditedPack... rows) throws FaultException {
        AuditPage.of("site", audited(false, rows), after, max);
    }

    private static Audited audited(boolean more, AuditedPack... rows) {
        return Audited.newBuilder().setMore(more).addAllPacks(List.of(rows)).build();
    }

    private static AuditedPack row(long id, boolean sound) {
        AuditedPack.Builder row = AuditedPack.newBuilder()
                .setPack(ByteString.copyFrom(new PackId(0, id).toBytes()))
                .setLength(65_536)
                .setSound(sound);
        if (sound) {
            row.setRoot(ByteString.copyFrom(new Hash(0, 0, 0, id).toBytes()));
        }
        return row.build();
    }

    private static Manifests page(boolean more, ManifestHead... heads) {
        return Manifests.newBuilder().setMore(more).addAllHeads(List.of(heads)).build();
    }

    private static ManifestHead head(DatasetId dataset, long sequence) {
        return ManifestHead.newBuilder()
                .setDataset(ByteString.copyFrom(dataset.toBytes()))
                .setSequence(sequence)
                .setHash(ByteString.copyFrom(Hash.ZERO.toBytes()))
                .build();
    }

    private static void refused(Fault fault, ThrowingCallable attempt) {
        assertThatThrownBy(attempt)
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(fault));
    }
}
