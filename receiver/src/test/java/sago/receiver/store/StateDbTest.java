package sago.receiver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static sago.receiver.store.StoreFixture.DATASET;
import static sago.receiver.store.StoreFixture.openSession;
import static sago.receiver.store.StoreFixture.pack;
import static sago.receiver.store.StoreFixture.put;
import static sago.receiver.store.StoreFixture.stub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.Disk;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.protocol.PackPresence;
import sago.receiver.store.StoreFixture.TestPack;

/** The database is derived: whatever happens to it, what the journal says is what the store says. */
class StateDbTest {
    @TempDir
    Path folder;

    private OpenedSession session;
    private TestPack member;
    private TestPack stored;
    private DatasetHead head;

    /** Two packs, one of which is committed; a keyring; then the store is closed. */
    @BeforeEach
    void fill() throws IOException {
        try (SiteStore store = StoreFixture.open(settings())) {
            session = openSession(store, 1);
            member = pack(session, 1);
            stored = pack(session, 2);
            put(store, session, member);
            put(store, session, stored);
            stub(DatasetHead.NONE, session, member).commit(store);
            store.storeKeyring(5, StoreFixture.header(5));
            store.storeSiteGrant(StoreFixture.header(6));
            head = store.head(DATASET);
        }
    }

    private StoreSettings settings() {
        return StoreFixture.settings(Disk.real(), folder, database());
    }

    private Path database() {
        return folder.resolve("state.db");
    }

    private void assertComplete() throws IOException {
        try (SiteStore store = StoreFixture.open(settings())) {
            assertThat(store.session(session.session())).contains(session);
            assertThat(store.holding(session, member.id()).presence()).isEqualTo(PackPresence.DURABLE);
            assertThat(store.holding(session, stored.id()).presence()).isEqualTo(PackPresence.DURABLE);
            assertThat(store.head(DATASET)).isEqualTo(head);
            assertThat(store.audit(DATASET, Optional.empty(), 10).packs())
                    .extracting(AuditPage.Audited::pack)
                    .containsExactly(member.id());
            assertThat(store.keyring(0)).contains(StoreFixture.header(5));
            assertThat(store.siteGrant()).contains(StoreFixture.header(6));
            assertThat(store.grantSequence(DATASET)).isEqualTo(1);
        }
    }

    @Test
    void isMadeAnewWhereItIsMissing() throws IOException {
        Files.delete(database());
        assertComplete();
    }

    @Test
    void isMadeAnewWhereItIsNoDatabase() throws IOException {
        Files.writeString(
                database(),
                "this is no database, but it is longer than the header of one, which has 100 bytes.".repeat(9));
        assertComplete();
    }

    @Test
    void isMadeAnewWhereItIsCutShort() throws IOException {
        byte[] bytes = Files.readAllBytes(database());
        Files.write(database(), Arrays.copyOf(bytes, bytes.length - 4096));
        assertComplete();
    }

    @Test
    void isMadeAnewWhereItHasAnotherVersion() throws IOException {
        try (SqlConnection connection = SqlConnection.open(database())) {
            connection.execute("PRAGMA user_version = 99");
        }
        assertComplete();
    }

    @Test
    void isBroughtUpWhereItIsBehind() throws IOException {
        Path old = folder.resolve("old.db");
        Files.copy(database(), old);
        TestPack later = pack(session, 3);
        try (SiteStore store = StoreFixture.open(settings())) {
            put(store, session, later);
            stub(head, session, later).commit(store);
            head = store.head(DATASET);
        }
        Files.move(old, database(), StandardCopyOption.REPLACE_EXISTING);
        try (SiteStore store = StoreFixture.open(settings())) {
            assertThat(store.holding(session, later.id()).presence()).isEqualTo(PackPresence.DURABLE);
            assertThat(store.head(DATASET)).isEqualTo(head);
        }
    }

    @Test
    void isTheWitnessOfAJournalThatLostWhatItHadForced() throws IOException {
        Path journal = folder.resolve("journal").resolve("0000000000000001.journal");
        byte[] bytes = Files.readAllBytes(journal);
        Files.write(journal, Arrays.copyOf(bytes, bytes.length - 1));
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatExceptionOfType(FaultException.class)
                    .isThrownBy(() -> StoreFixture.open(settings()))
                    .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.INTEGRITY))
                    .withMessageContaining("state.db");
        }
    }

    @Test
    void aFlippedBitOfARowIsMetWhenItIsRead() throws IOException {
        try (SqlConnection connection = SqlConnection.open(database())) {
            connection.update("UPDATE PACKS SET length = length + 1 WHERE id = ?", (Object)
                    member.id().toBytes());
            connection.update("UPDATE PACKS SET added = 0 WHERE id = ?", (Object)
                    stored.id().toBytes());
            connection.execute("UPDATE GRANTS SET sequence = 0");
        }
        try (SqlConnection connection = SqlConnection.open(database())) {
            StateReader reader = new StateReader(connection);
            assertThatExceptionOfType(FaultException.class)
                    .isThrownBy(() -> reader.pack(member.id()))
                    .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.INTEGRITY));
            assertThat(reader.pack(stored.id())).isPresent();
            assertThatExceptionOfType(FaultException.class)
                    .isThrownBy(() -> reader.grantSequence(DATASET))
                    .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.INTEGRITY));
        }
    }
}
