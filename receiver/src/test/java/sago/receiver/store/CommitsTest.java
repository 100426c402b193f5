package sago.receiver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static sago.receiver.store.StoreFixture.DATASET;
import static sago.receiver.store.StoreFixture.openSession;
import static sago.receiver.store.StoreFixture.pack;
import static sago.receiver.store.StoreFixture.put;
import static sago.receiver.store.StoreFixture.stub;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.Disk;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.pack.PackEntry;
import sago.receiver.store.StoreFixture.Stub;
import sago.receiver.store.StoreFixture.TestPack;

class CommitsTest {
    @TempDir
    Path folder;

    private SiteStore store;
    private OpenedSession session;

    @BeforeEach
    void open() throws IOException {
        store = StoreFixture.open(settings());
        session = openSession(store, 1);
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private StoreSettings settings() {
        return StoreFixture.settings(Disk.real(), folder, folder.resolve("state.db"));
    }

    private TestPack stored(int number) throws IOException {
        TestPack pack = pack(session, number);
        put(store, session, pack);
        return pack;
    }

    private static CommitOutcome.Done done(CommitOutcome outcome) {
        assertThat(outcome).isInstanceOf(CommitOutcome.Done.class);
        return (CommitOutcome.Done) outcome;
    }

    private static void assertFault(Fault fault, ThrowingCallable call) {
        assertThatExceptionOfType(FaultException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.fault()).isEqualTo(fault));
    }

    @Test
    void movesTheHeadAndKeepsTheManifestAcrossRestarts() throws IOException {
        assertThat(store.head(DATASET)).isEqualTo(DatasetHead.NONE);
        Stub first = stub(DatasetHead.NONE, session, stored(1));
        CommittedManifest commit = done(first.commit(store)).commit();
        DatasetHead head = new DatasetHead(1, first.stub().manifestHash());
        assertThat(store.head(DATASET)).isEqualTo(head);
        store.close();
        store = StoreFixture.open(settings());
        assertThat(store.head(DATASET)).isEqualTo(head);
        StoredManifest manifest = store.manifest(DATASET, 1);
        assertThat(manifest.commit()).isEqualTo(commit);
        assertThat(manifest.stub()).isEqualTo(first.envelope());
        assertThat(manifest.body()).isEqualTo(ByteString.copyFromUtf8("sealed body"));
        assertThat(store.manifests(DATASET, 1, 10)).containsExactly(commit);
        assertThat(store.manifestsFrom(DATASET, 2, 10)).isEmpty();
        assertFault(Fault.NOT_FOUND, () -> store.manifest(DATASET, 2));
    }

    @Test
    void answersTheSameStubTheSameWay() throws IOException {
        Stub first = stub(DatasetHead.NONE, session, stored(1));
        CommitOutcome before = first.commit(store);
        Stub second = stub(store.head(DATASET), session, stored(2));
        done(second.commit(store));
        assertThat(first.commit(store)).isEqualTo(before);
        assertThat(store.head(DATASET).sequence()).isEqualTo(2);
    }

    @Test
    void refusesAStubThatDoesNotContinueTheHead() throws IOException {
        TestPack pack = stored(1);
        Stub first = stub(DatasetHead.NONE, session, pack);
        done(first.commit(store));
        DatasetHead head = store.head(DATASET);
        Stub rival = stub(DatasetHead.NONE, session, stored(2));
        Stub gap = stub(new DatasetHead(2, head.manifest()), session, pack);
        Stub fork = stub(new DatasetHead(1, new Hash(1, 2, 3, 4)), session, pack);
        for (Stub stub : List.of(rival, gap, fork)) {
            assertThat(stub.commit(store)).isEqualTo(new CommitOutcome.Conflict(head));
        }
        assertThat(store.head(DATASET)).isEqualTo(head);
    }

    @Test
    void namesTheMissingPacksAndChangesNothing() throws IOException {
        TestPack here = stored(1);
        TestPack absent = pack(session, 2);
        TestPack partial = pack(session, 3);
        store.receive(session, partial.id()).writeSlice(0, partial.slice(0));
        PackEntry otherRoot = new PackEntry(here.id(), here.entry.length(), Hash.ZERO);
        assertThat(stub(DatasetHead.NONE, session, here, absent, partial).commit(store))
                .isEqualTo(new CommitOutcome.Missing(List.of(absent.id(), partial.id())));
        assertThat(stub(DatasetHead.NONE, session, List.of(otherRoot), List.of())
                        .commit(store))
                .isEqualTo(new CommitOutcome.Missing(List.of(here.id())));
        assertThat(store.head(DATASET)).isEqualTo(DatasetHead.NONE);
        assertThat(folder.resolve("manifests").resolve(DATASET.toString())).doesNotExist();
    }

    @Test
    void namesAPackOfTheResultingSetWhoseFileIsGone() throws IOException {
        TestPack kept = stored(1);
        TestPack gone = stored(2);
        done(stub(DatasetHead.NONE, session, kept, gone).commit(store));
        store.close();
        String name = gone.id().toString();
        Files.delete(folder.resolve("packs").resolve(name.substring(0, 2)).resolve(name + ".pack"));
        store = StoreFixture.open(settings());
        DatasetHead head = store.head(DATASET);
        TestPack fresh = stored(3);
        assertThat(stub(head, session, fresh).commit(store)).isEqualTo(new CommitOutcome.Missing(List.of(gone.id())));
        done(stub(head, session, List.of(fresh.entry), List.of(gone.id())).commit(store));
    }

    @Test
    void dropsOnlyMembersAndCountsOlderManifestsAsCommitted() throws IOException {
        TestPack one = stored(1);
        TestPack two = stored(2);
        TestPack never = stored(3);
        done(stub(DatasetHead.NONE, session, one, two).commit(store));
        DatasetHead head = store.head(DATASET);
        assertFault(
                Fault.PROTOCOL,
                () -> stub(head, session, List.of(), List.of(never.id())).commit(store));
        assertFault(
                Fault.PROTOCOL,
                () -> stub(head, session, List.of(never.entry), List.of(never.id()))
                        .commit(store));
        done(stub(head, session, List.of(), List.of(one.id())).commit(store));
        DatasetHead next = store.head(DATASET);
        assertFault(
                Fault.PROTOCOL,
                () -> stub(next, session, List.of(), List.of(one.id())).commit(store));
        assertThat(store.audit(DATASET, Optional.empty(), 10).packs())
                .extracting(AuditPage.Audited::pack)
                .containsExactly(one.id(), two.id());
        done(stub(next, session, one).commit(store));
    }

    @Test
    void refusesUnknownSessionHeadersAndForeignBodies() throws IOException {
        TestPack pack = stored(1);
        OpenedSession unknown = new OpenedSession(
                session.vault(), DATASET, session.session(), session.geometry(), new Hash(9, 9, 9, 9));
        assertFault(Fault.PROTOCOL, () -> stub(DatasetHead.NONE, unknown, pack).commit(store));
        Stub good = stub(DatasetHead.NONE, session, pack);
        assertFault(
                Fault.INTEGRITY,
                () -> store.commit(good.stub(), good.envelope(), ByteString.copyFromUtf8("another body")));
        done(good.commit(store));
    }

    @Test
    void aDamagedManifestFileIsAFaultOfThatManifestOnly() throws IOException {
        TestPack pack = stored(1);
        done(stub(DatasetHead.NONE, session, pack).commit(store));
        done(stub(store.head(DATASET), session, stored(2)).commit(store));
        Path file = folder.resolve("manifests").resolve(DATASET.toString()).resolve("1.manifest");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        assertFault(Fault.INTEGRITY, () -> store.manifest(DATASET, 1));
        assertThat(store.manifest(DATASET, 2).commit().sequence()).isEqualTo(2);
        store.close();
        Files.delete(folder.resolve("state.db"));
        store = StoreFixture.open(settings());
        assertThat(StoreFixture.read(store, pack)).isEqualTo(pack.bytes);
        Stub third = stub(store.head(DATASET), session, stored(3));
        assertThat(third.stub().terms().sequence()).isEqualTo(3);
        assertFault(Fault.INTEGRITY, () -> third.commit(store));
    }
}
