package sago.sender.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sago.common.durable.DurableFiles;
import sago.common.durable.SimDisk;
import sago.common.durable.SimDisk.Failure;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.pack.PackedChunk;

/** The index on a disk that keeps only its promises: power losses, full disks and flipped bits at every step. */
class SegmentCrashTest {
    private static final int ROWS = 16;
    private static final int BATCH = 12;
    private static final IndexBounds TINY = new IndexBounds(ROWS, 12);
    private static final Path ABOVE = Path.of("/home/index");
    private static final Path FOLDER = ABOVE.resolve("set");

    private final long seed = new Random().nextLong();
    private final List<PackedChunk> chunks = new TestChunks(5).next(16 * BATCH);

    @Test
    void keepsEverySegmentWhereverThePowerIsLost() throws Exception {
        System.out.println("seed " + seed);
        int operations = operationsOfARun();
        assertThat(operations).isGreaterThan(100);
        for (int at = 0; at < operations; at++) {
            SimDisk disk = disk();
            int inserted = insertUntil(disk, at);
            try (SegmentIndex index = open(disk.crash(seed + at))) {
                TestChunks.requireAll(index, chunks.subList(0, inSegments(inserted)));
                TestChunks.lost(index, chunks);
                index.insert(chunks);
                TestChunks.requireAll(index, chunks);
            } catch (AssertionError e) {
                throw new AssertionError("power lost at operation " + at, e);
            }
        }
    }

    @Test
    void aDiskThatForgetsWhatWasForcedLosesSegments() throws Exception {
        int lost = 0;
        for (int at = 40; at < operationsOfARun(); at += 7) {
            SimDisk disk = disk();
            disk.ignoreForce();
            int inserted = insertUntil(disk, at);
            try (SegmentIndex index = open(disk.crash(at))) {
                lost += TestChunks.lost(index, chunks.subList(0, inSegments(inserted)));
            }
        }
        assertThat(lost).isPositive();
    }

    @ParameterizedTest
    @EnumSource(
            value = Failure.class,
            names = {"ENOSPC", "SHORT_WRITE"})
    void goesOnWhenAFullDiskHasRoomAgain(Failure failure) throws Exception {
        int operations = operationsOfARun();
        int refused = 0;
        for (int at = 0; at < operations; at++) {
            SimDisk disk = disk();
            disk.failAt(at, failure);
            SegmentIndex index;
            try {
                index = open(disk);
            } catch (FaultException e) {
                assertThat(e.fault()).isIn(Fault.HOME_FULL, Fault.DISK);
                index = open(disk);
            }
            for (int batch = 0; batch < chunks.size(); batch += BATCH) {
                List<PackedChunk> next = chunks.subList(batch, batch + BATCH);
                try {
                    index.insert(next);
                } catch (FaultException e) {
                    // A force that fails is a broken disk whatever the reason.
                    assertThat(e.fault()).isIn(Fault.HOME_FULL, Fault.DISK);
                    refused++;
                    index.insert(next);
                }
                index.awaitMerged();
                TestChunks.requireAll(index, chunks.subList(0, batch + BATCH));
            }
            try {
                index.close();
            } catch (FaultException e) {
                assertThat(e.fault()).isEqualTo(Fault.DISK);
            }
            try (SegmentIndex again = open(disk)) {
                TestChunks.requireAll(again, chunks);
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void neverNamesAWrongPlaceWhateverBitIsFlipped() throws Exception {
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        SimDisk sound = disk();
        insertUntil(sound, Integer.MAX_VALUE);
        int lost = 0;
        List<String> names = sound.list(FOLDER);
        assertThat(names).anyMatch(name -> name.endsWith(".log")).anyMatch(name -> name.endsWith(".segment"));
        for (String name : names) {
            long bytes;
            try (var file = sound.openRead(FOLDER.resolve(name))) {
                bytes = file.size();
            }
            for (long at = 0; at < bytes; at += at < SegmentLayout.BUCKET_BYTES ? 1 : 31) {
                SimDisk flipped = disk();
                insertUntil(flipped, Integer.MAX_VALUE);
                flipped.flip(FOLDER.resolve(name), at * Byte.SIZE + random.nextInt(Byte.SIZE));
                try (SegmentIndex index = open(flipped)) {
                    lost += TestChunks.lost(index, chunks);
                    index.insert(chunks);
                    TestChunks.requireAll(index, chunks);
                }
            }
        }
        assertThat(lost).isPositive();
    }

    /** A disk with the folder above the index. */
    private static SimDisk disk() {
        return new SimDisk(ABOVE);
    }

    private static SegmentIndex open(SimDisk disk) throws FaultException {
        return SegmentIndex.open(FOLDER, new DurableFiles(disk), TINY);
    }

    private int operationsOfARun() throws Exception {
        SimDisk disk = disk();
        assertThat(insertUntil(disk, Integer.MAX_VALUE)).isEqualTo(chunks.size());
        return disk.operations().size();
    }

    /** Inserts until the power is lost at this operation; returns the number of chunks that were inserted. */
    private int insertUntil(SimDisk disk, int operation) throws InterruptedException {
        disk.failAt(operation, Failure.CRASH);
        int inserted = 0;
        try (SegmentIndex index = open(disk)) {
            while (inserted < chunks.size() && !disk.isOff()) {
                index.insert(chunks.subList(inserted, inserted + BATCH));
                inserted += BATCH;
                index.awaitMerged();
            }
        } catch (IOException e) {
            assertThat(disk.isOff()).isTrue();
        }
        return inserted;
    }

    /** A full table becomes a segment when the next row comes. */
    private static int inSegments(int inserted) {
        return Math.max(0, inserted - 1) / ROWS * ROWS;
    }
}
