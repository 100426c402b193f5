package sago.sender.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;

/** Whatever happens to the files of a checkpoint: a run goes on with a part of it, or without, and hears nothing that was not written. */
class DamagedCheckpointTest {
    /** Packs of the first run were told and forgotten when the second summed up. */
    private static final List<String> PACKS = History.packs(History.PACKS / 2, History.PACKS);

    private static final List<String> FIRST_PACKS = History.packs(0, History.PACKS / 2);
    private static final int FLIPS = 100;

    @TempDir
    Path temp;

    private final DurableFiles files = new DurableFiles(Disk.real());
    private Path folder = Path.of("unset");
    private Path file = Path.of("unset");
    private Path olderCopy = Path.of("unset");
    private byte[] whole = new byte[0];
    private int used;

    @BeforeEach
    void writeHistory() throws IOException {
        folder = temp.resolve("checkpoint");
        History.first(folder, files);
        olderCopy = Files.copy(folder.resolve("00000001").resolve(OneFileCycle.FILE), temp.resolve("older"));
        History.second(folder, files);
        file = folder.resolve("00000002").resolve(OneFileCycle.FILE);
        whole = Files.readAllBytes(file);
        used = whole.length;
        while (whole[used - 1] == 0) {
            used--;
        }
    }

    /** The folder as the second run left it, but with these bytes in its file. */
    private History.Found with(byte[] bytes) throws IOException {
        files.deleteTree(folder);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
        History.Found found = History.third(folder, files);
        assertThat(found.wrong()).isFalse();
        assertThat(found.packs())
                .isEqualTo(PACKS.subList(0, Math.min(PACKS.size(), found.packs().size())));
        return found;
    }

    @Test
    void wholeFileGivesEverything() throws IOException {
        History.Found found = with(whole);
        assertThat(found.packs()).isEqualTo(PACKS);
        assertThat(found.files()).isEqualTo(History.FILES);
        assertThat(found.regions()).isEqualTo(8);
    }

    @Test
    void flippedBitAnywhereGivesAPartOfTheTruth() throws IOException {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < FLIPS; i++) {
            byte[] flipped = whole.clone();
            // Every third one among words and headers at the front, where the queue keeps its own.
            int at = random.nextInt(i % 3 == 0 ? 20_000 : used);
            flipped[at] ^= (byte) (1 << random.nextInt(8));
            assertThat(with(flipped).files()).as("byte %s", at).isBetween(0L, (long) History.FILES);
        }
    }

    @Test
    void everyBitOfTheFirstWordsMayFlip() throws IOException {
        int sealed = firstRecord();
        for (int bit = 0; bit < 2 * Long.SIZE; bit += 3) {
            byte[] flipped = whole.clone();
            flipped[sealed + bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(with(flipped).packs()).as("bit %s", bit).isEmpty();
        }
    }

    /** Position of the word before the first record. */
    private int firstRecord() {
        int at = 0;
        while ((whole[at + 3] & 0x40) != 0) {
            int word = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
            at = (int) RecordReader.aligned(at + RecordReader.WORD_BYTES + (word & 0xffffff));
        }
        return at;
    }

    @Test
    void fileThatIsCutGivesWhatStandsBefore() throws IOException {
        for (int end : new int[] {0, 1, 100, 20_000, used / 2, used - 1, used}) {
            History.Found found = with(Arrays.copyOf(whole, end));
            assertThat(found.files() > 0).as("%s of %s bytes", end, used).isEqualTo(end >= used / 2);
        }
    }

    @Test
    void tailOfZerosGivesWhatStandsBefore() throws IOException {
        byte[] torn = whole.clone();
        Arrays.fill(torn, used * 3 / 4, used, (byte) 0);
        assertThat(with(torn).files()).isBetween((long) History.FILES / 2, (long) History.FILES - 1);
    }

    @Test
    void sumWithoutItsEndIsIgnored() throws IOException {
        byte[] torn = whole.clone();
        Arrays.fill(torn, firstRecord() + 50_000, used, (byte) 0);
        assertThat(with(torn).files()).isZero();
        files.deleteTree(folder);
        Files.createDirectories(file.getParent());
        Files.write(file, torn);
        Path before = Files.createDirectories(folder.resolve("00000001"));
        Files.copy(olderCopy, before.resolve(OneFileCycle.FILE));
        History.Found found = History.third(folder, files);
        assertThat(found.files()).isEqualTo(History.FILES / 2);
        assertThat(found.packs()).isEqualTo(FIRST_PACKS);
        assertThat(found.wrong()).isFalse();
    }

    @Test
    void olderCopyGivesWhatItHolds() throws IOException {
        files.deleteTree(folder);
        Files.createDirectories(file.getParent());
        Files.copy(olderCopy, file);
        History.Found found = History.third(folder, files);
        assertThat(found.packs()).isEqualTo(FIRST_PACKS);
        assertThat(found.files()).isEqualTo(History.FILES / 2);
        assertThat(found.wrong()).isFalse();
    }

    @Test
    void lostFileBeginsAnew() throws IOException {
        Files.delete(file);
        History.Found found = History.third(folder, files);
        assertThat(found.packs()).isEmpty();
        assertThat(found.files()).isZero();
        assertThat(History.third(folder, files).packs()).hasSize(2);
    }

    @Test
    void garbageAroundTheFileChangesNothing() throws IOException {
        Random random = new Random(1);
        byte[] garbage = new byte[70_000];
        random.nextBytes(garbage);
        Files.write(file.resolveSibling("metadata.cq4t"), garbage);
        Files.write(file.resolveSibling("19700102.cq4"), garbage);
        Files.write(file.resolveSibling("directory-listing.cq4t"), garbage);
        Files.write(folder.resolve("00000000"), garbage);
        Files.write(folder.resolve("00000007"), garbage);
        Files.write(folder.resolve("metadata.cq4t"), garbage);
        Files.write(Files.createDirectories(folder.resolve("99999999")).resolve(OneFileCycle.FILE), garbage);
        Files.createDirectories(folder.resolve("00000005").resolve(OneFileCycle.FILE));
        Files.write(Files.createDirectories(folder.resolve("00000006")).resolve(OneFileCycle.FILE), garbage);
        History.Found found = History.third(folder, files);
        assertThat(found.packs()).isEqualTo(PACKS);
        assertThat(found.files()).isEqualTo(History.FILES);
        assertThat(History.third(folder, files).files()).isEqualTo(History.FILES);
    }

    @Test
    void linkInTheFolderIsNotFollowedWhenItIsDeleted() throws IOException {
        Path other = Files.createDirectories(temp.resolve("other"));
        Files.writeString(other.resolve("precious"), "x");
        Files.createSymbolicLink(folder.resolve("00000009"), other);
        Files.createSymbolicLink(folder.resolve("link"), other);
        History.third(folder, files);
        try (CheckpointJournal journal = CheckpointJournal.open(folder, files)) {
            journal.delete();
        }
        assertThat(other.resolve("precious")).exists();
        assertThat(folder).doesNotExist();
    }

    @Test
    void fileThatCannotBeLengthenedEndsTheJournalAndNotTheBackup() throws IOException {
        files.deleteTree(folder);
        Files.writeString(folder, "a file where the folder should be");
        History.Found found = History.third(folder, files);
        assertThat(found.packs()).isEmpty();
    }

    @Test
    void numberThatIsMissingInTheMiddleEndsTheFile() throws IOException {
        int first = firstRecord();
        try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
            cut.seek(first + 3L);
            cut.write(0x40); // now it looks like a message of the queue's own
        }
        assertThat(History.third(folder, files).packs()).isEmpty();
    }
}
