package sago.receiver.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static sago.receiver.journal.JournalFixture.FOLDER;
import static sago.receiver.journal.JournalFixture.append;
import static sago.receiver.journal.JournalFixture.open;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import sago.common.durable.DiskFile;
import sago.common.durable.DurableFiles;
import sago.common.durable.SimDisk;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.receiver.journal.JournalFixture.Heard;

class JournalRecoveryTest {
    private static final Path FILE = FOLDER.resolve("0000000000000001.journal");

    /** Three records, each its own group, and the position of each. */
    private static List<JournalPosition> three(SimDisk disk) throws IOException {
        List<JournalPosition> positions = new ArrayList<>();
        try (Journal journal = open(disk, new Heard())) {
            for (String payload : List.of("first", "second", "third")) {
                positions.add(append(journal, payload));
            }
        }
        return positions;
    }

    private static byte[] bytes(SimDisk disk) throws IOException {
        return new DurableFiles(disk).read(FILE, 10_000);
    }

    @Test
    void everyFlippedBitBeforeTheLastRecordIsCorruptionAndChangesNothing() throws IOException {
        SimDisk disk = JournalFixture.disk();
        three(disk);
        byte[] sound = bytes(disk);
        int last = sound.length - RecordCodec.HEADER_BYTES - "third".length();
        for (int bit = 0; bit < last * 8; bit++) {
            disk.flip(FILE, bit);
            byte[] damaged = bytes(disk);
            assertThatExceptionOfType(FaultException.class)
                    .as("bit %d", bit)
                    .isThrownBy(() -> open(disk, new Heard()))
                    .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.INTEGRITY))
                    .withMessageContaining("corruption");
            assertThat(bytes(disk)).isEqualTo(damaged);
            disk.flip(FILE, bit);
        }
    }

    @Test
    void aFlippedBitOfTheLastRecordIsCaughtByTheWitnessAndTakenForATornTailWithoutOne() throws IOException {
        SimDisk disk = JournalFixture.disk();
        JournalPosition last = three(disk).get(2);
        byte[] sound = bytes(disk);
        int start = sound.length - RecordCodec.HEADER_BYTES - "third".length();
        for (int bit = start * 8; bit < sound.length * 8; bit++) {
            SimDisk copy = JournalFixture.disk();
            new DurableFiles(copy).atomicWrite(FILE, sound);
            copy.flip(FILE, bit);
            assertThatExceptionOfType(FaultException.class)
                    .as("bit %d", bit)
                    .isThrownBy(() -> open(copy, last, new Heard()))
                    .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.INTEGRITY));
        }
        disk.flip(FILE, start * 8L);
        Heard heard = new Heard();
        open(disk, heard).close();
        assertThat(heard.payloads()).containsExactly("first", "second");
    }

    @Test
    void everyCutGivesTheLongestPrefixAndTheJournalGoesOn() throws IOException {
        SimDisk whole = JournalFixture.disk();
        three(whole);
        byte[] sound = bytes(whole);
        int header = RecordCodec.HEADER_BYTES;
        for (int length = 0; length <= sound.length; length++) {
            SimDisk disk = JournalFixture.disk();
            new DurableFiles(disk).atomicWrite(FILE, Arrays.copyOf(sound, length));
            int records = length < header + 5 ? 0 : length < 2 * header + 11 ? 1 : length < sound.length ? 2 : 3;
            Heard heard = new Heard();
            try (Journal journal = open(disk, heard)) {
                assertThat(heard.records).as("length %d", length).hasSize(records);
                assertThat(append(journal, "next").sequence()).isEqualTo(records + 1);
            }
            Heard again = new Heard();
            open(disk, again).close();
            assertThat(again.records).hasSize(records + 1);
        }
    }

    @Test
    void aRecordOfTheSameGroupAfterATornOneIsNoCorruption() throws IOException {
        SimDisk disk = JournalFixture.disk();
        byte[] group = group(disk, List.of("a", "b", "c"));
        group[RecordCodec.HEADER_BYTES + 1 + RecordCodec.HEADER_BYTES] ^= 1;
        SimDisk torn = JournalFixture.disk();
        new DurableFiles(torn).atomicWrite(FILE, group);
        Heard heard = new Heard();
        open(torn, heard).close();
        assertThat(heard.payloads()).containsExactly("a");
    }

    /** The bytes of one group commit with these payloads. */
    private static byte[] group(SimDisk disk, List<String> payloads) throws IOException {
        GroupWriter writer = new GroupWriter(
                new JournalSettings(disk, FOLDER), new JournalRecovery.End(JournalPosition.START, "", 0));
        writer.begin(JournalPosition.START);
        payloads.forEach(payload -> writer.add(RecordType.PACK, ByteString.copyFromUtf8(payload)));
        writer.write();
        writer.force();
        writer.close();
        return bytes(disk);
    }

    @Test
    void aTornFileBeforeALaterOneIsCorruption() throws IOException {
        SimDisk disk = JournalFixture.disk();
        JournalSettings settings = new JournalSettings(disk, FOLDER, 50);
        try (Journal journal = Journal.open(settings, JournalPosition.START, new Heard())) {
            append(journal, "one");
            append(journal, "two");
        }
        try (DiskFile file = disk.open(FILE)) {
            file.truncate(file.size() - 1);
            file.force();
        }
        assertThatExceptionOfType(FaultException.class)
                .isThrownBy(() -> open(disk, new Heard()))
                .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.INTEGRITY));
    }

    @Test
    void aMissingFileIsCorruption() throws IOException {
        SimDisk disk = JournalFixture.disk();
        JournalSettings settings = new JournalSettings(disk, FOLDER, 50);
        try (Journal journal = Journal.open(settings, JournalPosition.START, new Heard())) {
            append(journal, "one");
            append(journal, "two");
            append(journal, "three");
        }
        disk.delete(FOLDER.resolve("0000000000000002.journal"));
        assertThatExceptionOfType(FaultException.class)
                .isThrownBy(() -> open(disk, new Heard()))
                .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.INTEGRITY));
    }

    @Test
    void aJournalOfANewerVersionIsRefusedAsSuch() throws IOException {
        SimDisk disk = JournalFixture.disk();
        ByteBuffer record = ByteBuffer.allocate(200);
        new RecordCodec().encode(record, JournalPosition.START, 1, RecordType.PACK, ByteString.copyFromUtf8("x"));
        record.flip().putShort(RecordCodec.VERSION_OFFSET, (short) 2);
        CRC32C crc = new CRC32C();
        crc.update(record.slice(8, record.limit() - 8));
        record.putInt(RecordCodec.CRC_OFFSET, (int) crc.getValue());
        byte[] bytes = new byte[record.limit()];
        record.get(0, bytes);
        new DurableFiles(disk).atomicWrite(FILE, bytes);
        assertThatExceptionOfType(FaultException.class)
                .isThrownBy(() -> open(disk, new Heard()))
                .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.VERSION));
    }

    @Test
    void aForeignFileInTheFolderIsRefused() throws IOException {
        SimDisk disk = JournalFixture.disk();
        new DurableFiles(disk).atomicWrite(FOLDER.resolve("notes.txt"), new byte[0]);
        assertThatExceptionOfType(FaultException.class)
                .isThrownBy(() -> open(disk, new Heard()))
                .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.INTEGRITY));
    }

    /** Groups of several records, power lost at every operation: what was acknowledged is there, and the journal always opens. */
    @Test
    void whatWasAcknowledgedSurvivesAPowerLossAtEveryOperation() throws IOException {
        for (int n = 0; n < 16; n++) {
            for (long seed = 0; seed < 40; seed++) {
                assertThat(survives(n, seed, false))
                        .as("crash at %d, seed %d", n, seed)
                        .isTrue();
            }
        }
    }

    @Test
    void theTestFindsTheLossOnADiskThatIgnoresForce() throws IOException {
        boolean lost = false;
        for (long seed = 0; seed < 20; seed++) {
            lost |= !survives(10, seed, true);
        }
        assertThat(lost).isTrue();
    }

    private static boolean survives(int n, long seed, boolean ignoreForce) throws IOException {
        SimDisk disk = JournalFixture.disk();
        if (ignoreForce) {
            disk.ignoreForce();
        }
        JournalSettings settings = new JournalSettings(disk, FOLDER, 2_000);
        List<String> acknowledged = new ArrayList<>();
        try (Journal journal = Journal.open(settings, JournalPosition.START, new Heard())) {
            disk.failAt(n, SimDisk.Failure.CRASH);
            for (int i = 0; i < 6; i++) {
                List<CompletableFuture<JournalPosition>> done = new ArrayList<>();
                for (int j = 0; j < 3; j++) {
                    String payload = (i + "," + j + ";").repeat(100);
                    done.add(journal.append(RecordType.PACK, ByteString.copyFromUtf8(payload)));
                }
                for (int j = 0; j < 3; j++) {
                    String payload = (i + "," + j + ";").repeat(100);
                    done.get(j)
                            .handle((position, failure) -> failure == null && acknowledged.add(payload))
                            .join();
                }
            }
        }
        SimDisk after = disk.crash(seed);
        Heard heard = new Heard();
        try {
            Journal.open(new JournalSettings(after, FOLDER, 2_000), JournalPosition.START, heard)
                    .close();
        } catch (IOException corrupt) {
            return false;
        }
        return heard.payloads().size() >= acknowledged.size()
                && heard.payloads().subList(0, acknowledged.size()).equals(acknowledged);
    }
}
