package sago.receiver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static sago.receiver.store.StoreFixture.openSession;
import static sago.receiver.store.StoreFixture.pack;
import static sago.receiver.store.StoreFixture.put;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.SimDisk;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.protocol.SiteCondition;
import sago.receiver.store.StoreFixture.TestPack;

class SpaceGaugeTest {
    private static final Path SITE = Path.of("/site");

    @TempDir
    Path temp;

    @Test
    void theReserveIsAShareBetweenTwoBounds() {
        SpaceReserve reserve = new SpaceReserve(20, 100, 1_000);
        assertThat(reserve.bytes(0)).isEqualTo(100);
        assertThat(reserve.bytes(5_000)).isEqualTo(100);
        assertThat(reserve.bytes(10_000)).isEqualTo(200);
        assertThat(reserve.bytes(1_000_000)).isEqualTo(1_000);
        assertThatIllegalArgumentException().isThrownBy(() -> new SpaceReserve(1000, 0, 0));
    }

    @Test
    void isFullAtTheReserveAndAgainOpenOnlyWithRoomForAPack() throws FaultException {
        SimDisk disk = new SimDisk(SITE);
        SpaceGauge gauge = new SpaceGauge(disk, SITE, new SpaceReserve(0, 1_000, 1_000));
        disk.setCapacity(1_001);
        assertThat(gauge.read()).isEqualTo(new SpaceGauge.Reading(SiteCondition.OK, 1));
        disk.setCapacity(1_000);
        assertThat(gauge.read()).isEqualTo(new SpaceGauge.Reading(SiteCondition.FULL, 0));
        gauge.opened(500);
        gauge.settled(500);
        disk.setCapacity(1_499);
        assertThat(gauge.read()).isEqualTo(new SpaceGauge.Reading(SiteCondition.FULL, 499));
        disk.setCapacity(1_500);
        assertThat(gauge.read()).isEqualTo(new SpaceGauge.Reading(SiteCondition.OK, 500));
    }

    @Test
    void whatOpenPacksMayStillReceiveCountsAsTaken() throws IOException {
        SimDisk disk = new SimDisk(SITE);
        disk.setCapacity(1_000_000);
        try (SiteStore store = StoreFixture.open(StoreFixture.settings(disk, SITE, temp.resolve("state.db")))) {
            OpenedSession session = openSession(store, 1);
            long before = store.space().read().freeBytes();
            TestPack pack = pack(session, 1);
            IncomingPack incoming = store.receive(session, pack.id());
            assertThat(store.space().read().freeBytes()).isEqualTo(before);
            incoming.writeSlice(1, pack.slice(1));
            long open = store.space().read().freeBytes();
            assertThat(open).isEqualTo(before - 16_384 - 8_192);
            incoming.writeSlice(0, pack.slice(0));
            assertThat(store.space().read().freeBytes()).isEqualTo(before - 16_384);
            StoreFixture.end(incoming, pack);
            long durable = store.space().read().freeBytes();
            assertThat(durable).isBetween(before - 17_000, before - 16_384);
            TestPack abandoned = pack(session, 2);
            store.receive(session, abandoned.id()).writeSlice(0, abandoned.slice(0));
            store.abandon(session.session());
            assertThat(store.space().read().freeBytes()).isEqualTo(durable);
        }
    }

    @Test
    void aFullDiskRefusesTheSliceAndTakesItOnceThereIsRoom() throws IOException {
        SimDisk disk = new SimDisk(SITE);
        try (SiteStore store = StoreFixture.open(StoreFixture.settings(disk, SITE, temp.resolve("state.db")))) {
            OpenedSession session = openSession(store, 1);
            TestPack pack = pack(session, 1);
            disk.setCapacity(10_000);
            IncomingPack incoming = store.receive(session, pack.id());
            assertThat(incoming.writeSlice(0, pack.slice(0))).isTrue();
            assertThatExceptionOfType(FaultException.class)
                    .isThrownBy(() -> incoming.writeSlice(1, pack.slice(1)))
                    .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.SITE_FULL));
            disk.setCapacity(1 << 20);
            assertThat(put(store, session, pack).pack()).isEqualTo(pack.entry);
        }
    }
}
