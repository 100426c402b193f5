package sago.receiver.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static sago.receiver.journal.JournalFixture.FOLDER;
import static sago.receiver.journal.JournalFixture.append;
import static sago.receiver.journal.JournalFixture.open;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.Disk;
import sago.common.durable.NoSpace;
import sago.common.durable.SimDisk;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;
import sago.receiver.journal.JournalFixture.Heard;

class JournalTest {
    @TempDir
    Path temp;

    @Test
    void givesBackWhatWasAppendedInOrder() throws IOException {
        SimDisk disk = JournalFixture.disk();
        JournalPosition last;
        try (Journal journal = open(disk, new Heard())) {
            append(journal, "one");
            append(journal, "");
            last = append(journal, "three");
            assertThat(journal.head()).isEqualTo(last);
        }
        Heard heard = new Heard();
        try (Journal journal = open(disk, last, heard)) {
            assertThat(heard.payloads()).containsExactly("one", "", "three");
            assertThat(heard.records).extracting(JournalRecord::sequence).containsExactly(1L, 2L, 3L);
            assertThat(journal.head()).isEqualTo(last);
            assertThat(append(journal, "four").sequence()).isEqualTo(4);
        }
    }

    @Test
    void beginsANewFileWhenOneIsFull() throws IOException {
        JournalSettings settings = new JournalSettings(Disk.real(), temp, 200);
        try (Journal journal = Journal.open(settings, JournalPosition.START, new Heard())) {
            for (int i = 0; i < 10; i++) {
                append(journal, "record " + i);
            }
        }
        assertThat(Disk.real().list(temp))
                .containsExactly(
                        "0000000000000001.journal",
                        "0000000000000003.journal",
                        "0000000000000005.journal",
                        "0000000000000007.journal",
                        "0000000000000009.journal");
        Heard heard = new Heard();
        Journal.open(settings, JournalPosition.START, heard).close();
        assertThat(heard.payloads())
                .isEqualTo(IntStream.range(0, 10).mapToObj(i -> "record " + i).toList());
    }

    @Test
    void oneForceCoversAllThatWait() throws IOException {
        SimDisk disk = JournalFixture.disk();
        List<CompletableFuture<JournalPosition>> done = new ArrayList<>();
        Object gate = new Object();
        JournalListener listener = new Heard() {
            @Override
            public void forced(List<JournalRecord> records) {
                synchronized (gate) {
                    super.forced(records);
                }
            }
        };
        Journal journal = open(disk, listener);
        synchronized (gate) {
            for (int i = 0; i < 500; i++) {
                done.add(journal.append(RecordType.PACK, ByteString.copyFromUtf8("r" + i)));
            }
        }
        journal.close();
        long before = 0;
        for (CompletableFuture<JournalPosition> position : done) {
            assertThat(position.join().sequence()).isEqualTo(++before);
        }
        assertThat(disk.operations().stream().filter(op -> op.startsWith("force /site/journal/")))
                .hasSizeLessThan(20);
    }

    @Test
    void nothingIsAcknowledgedAfterAFailedForce() throws IOException {
        SimDisk disk = JournalFixture.disk();
        Heard heard = new Heard();
        Journal journal = open(disk, heard);
        append(journal, "good");
        disk.failAt(1, SimDisk.Failure.EIO);
        assertThatExceptionOfType(FaultException.class)
                .isThrownBy(() -> append(journal, "lost"))
                .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.DISK));
        assertThat(heard.failure).isPresent();
        assertThatExceptionOfType(FaultException.class)
                .isThrownBy(() -> append(journal, "later"))
                .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.DISK));
        assertThat(heard.payloads()).containsExactly("good");
        journal.close();
    }

    @Test
    void aListenerThatFailsEndsTheJournal() throws IOException {
        JournalListener listener = new Heard() {
            @Override
            public synchronized void forced(List<JournalRecord> records) {
                throw new IllegalStateException("database");
            }
        };
        try (Journal journal = open(JournalFixture.disk(), listener)) {
            assertThatExceptionOfType(FaultException.class)
                    .isThrownBy(() -> append(journal, "x"))
                    .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.DISK));
        }
    }

    /** At every operation of three appends with a new file for each: the append fails as full, the next goes on, and nothing is lost or doubled. */
    @Test
    void goesOnAfterAFullDisk() throws IOException {
        for (SimDisk.Failure how : List.of(SimDisk.Failure.ENOSPC, SimDisk.Failure.SHORT_WRITE)) {
            for (int n = 0; n < 9; n++) {
                fillAt(n, how);
            }
        }
    }

    private static void fillAt(int n, SimDisk.Failure how) throws IOException {
        SimDisk disk = JournalFixture.disk();
        JournalSettings settings = new JournalSettings(disk, FOLDER, 50);
        List<String> acknowledged = new ArrayList<>();
        int before;
        try (Journal journal = Journal.open(settings, JournalPosition.START, new Heard())) {
            before = disk.operations().size();
            disk.failAt(n, how);
            for (int i = 0; i < 4; i++) {
                try {
                    append(journal, "r" + i);
                    acknowledged.add("r" + i);
                } catch (IOException e) {
                    assertThat(NoSpace.is(e) || e instanceof FaultException).isTrue();
                }
            }
        }
        Heard heard = new Heard();
        Journal.open(settings, JournalPosition.START, heard).close();
        if (disk.operations().get(before + n).startsWith("force")) {
            assertThat(heard.payloads().subList(0, acknowledged.size()))
                    .as("%s at %d", how, n)
                    .isEqualTo(acknowledged);
        } else {
            assertThat(heard.payloads()).as("%s at %d", how, n).isEqualTo(acknowledged);
            assertThat(acknowledged).hasSize(3);
        }
    }

    /** Half of the group is written, which is its first record: that must not come back at the next start. */
    @Test
    void takesBackWhatAFailedWriteLeft() throws IOException {
        SimDisk disk = JournalFixture.disk();
        JournalSettings settings = new JournalSettings(disk, FOLDER);
        try (GroupWriter writer = new GroupWriter(settings, new JournalRecovery.End(JournalPosition.START, "", 0))) {
            writer.begin(JournalPosition.START);
            writer.add(RecordType.PACK, ByteString.copyFromUtf8("one"));
            writer.add(RecordType.PACK, ByteString.copyFromUtf8("two"));
            disk.failAt(2, SimDisk.Failure.SHORT_WRITE);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(writer::write)
                    .matches(NoSpace::is);
            writer.takeBack();
        }
        Heard heard = new Heard();
        open(disk, heard).close();
        assertThat(heard.payloads()).isEmpty();
    }

    @Test
    void refusesAPayloadBeyondItsBound() throws IOException {
        try (Journal journal = open(JournalFixture.disk(), new Heard())) {
            byte[] largest = new byte[Limits.JOURNAL_RECORD_BYTES_MAX];
            assertThat(journal.append(RecordType.PACK, ByteString.copyFrom(largest))
                            .join()
                            .sequence())
                    .isEqualTo(1);
            ByteString tooLong = ByteString.copyFrom(new byte[largest.length + 1]);
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> journal.append(RecordType.PACK, tooLong));
        }
    }
}
