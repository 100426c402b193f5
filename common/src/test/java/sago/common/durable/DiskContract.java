package sago.common.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/** What every disk does, real or simulated. */
abstract class DiskContract {
    abstract Disk disk();

    abstract Path folder();

    private DurableFiles files() {
        return new DurableFiles(disk());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void readsBackWhatWasWrittenAtPositions() throws IOException {
        try (DiskFile file = disk().create(folder().resolve("a"), FileAccess.PRIVATE)) {
            file.writeFully(ByteBuffer.wrap(bytes("world")), 6);
            file.writeFully(ByteBuffer.wrap(bytes("hello ")), 0);
            file.force();
        }
        assertThat(files().read(folder().resolve("a"), 100)).isEqualTo(bytes("hello world"));
    }

    @Test
    void wholeBlocksAndTheRestBecomeOneFile() throws IOException {
        int block = 64 << 10;
        byte[] expected = new byte[5 * block + 1234];
        new Random(7).nextBytes(expected);
        Path path = folder().resolve("a");
        try (DiskFile file = disk().createPastCache(path, FileAccess.PRIVATE)) {
            ByteBuffer memory =
                    ByteBuffer.allocateDirect(expected.length + 2 * block).alignedSlice(block);
            memory.put(expected).flip();
            for (int at : new int[] {2 * block, 0, 5 * block}) { // from memory at a block, the last one short
                file.writeFully(memory.duplicate().position(at).limit(Math.min(at + block, expected.length)), at);
            }
            // beside it, from memory that begins at no block and from the heap
            file.writeFully(memory.duplicate().position(block).limit(block + 100), block);
            file.writeFully(memory.duplicate().position(block + 100).limit(2 * block), block + 100);
            file.writeFully(ByteBuffer.wrap(expected, 3 * block, 2 * block), 3L * block);
            file.force();
            assertThat(file.size()).isEqualTo(expected.length);
            ByteBuffer back = ByteBuffer.allocate(expected.length);
            file.readFully(back, 0);
            assertThat(back.array()).isEqualTo(expected);
        }
        assertThat(files().read(path, expected.length)).isEqualTo(expected);
        assertThatExceptionOfType(FileAlreadyExistsException.class)
                .isThrownBy(() -> disk().createPastCache(path, FileAccess.PRIVATE));
    }

    @Test
    void refusesToReadMoreThanTheFileHas() throws IOException {
        files().atomicWrite(folder().resolve("a"), bytes("abc"));
        try (DiskFile file = disk().openRead(folder().resolve("a"))) {
            assertThatExceptionOfType(EOFException.class).isThrownBy(() -> file.readFully(ByteBuffer.allocate(4), 0));
            assertThat(file.read(ByteBuffer.allocate(1), 3)).isEqualTo(-1);
        }
    }

    @Test
    void refusesFileLongerThanItsBoundBeforeReadingIt() throws IOException {
        files().atomicWrite(folder().resolve("a"), bytes("abc"));
        assertThat(files().read(folder().resolve("a"), 3)).hasSize(3);
        assertThatExceptionOfType(FaultException.class)
                .isThrownBy(() -> files().read(folder().resolve("a"), 2))
                .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.LIMIT));
    }

    @Test
    void createsOnlyWhatIsNotThereAndOpensOnlyWhatIs() throws IOException {
        disk().create(folder().resolve("a"), FileAccess.PRIVATE).close();
        assertThatExceptionOfType(FileAlreadyExistsException.class)
                .isThrownBy(() -> disk().create(folder().resolve("a"), FileAccess.PRIVATE));
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> disk().open(folder().resolve("b")));
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> disk().openRead(folder().resolve("b")));
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> disk().delete(folder().resolve("b")));
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> disk().list(folder().resolve("b")));
    }

    @Test
    void replacesWholeFilesAndLeavesNoDraft() throws IOException {
        Path path = folder().resolve("state");
        files().atomicWrite(path, bytes("old"));
        files().atomicWrite(path, bytes("new one"));
        assertThat(files().read(path, 100)).isEqualTo(bytes("new one"));
        assertThat(files().list(folder())).containsExactly("state");
    }

    @Test
    void draftThatIsNotPublishedLeavesNothing() throws IOException {
        try (DraftFile draft = files().draft(folder().resolve("a"), FileAccess.PRIVATE)) {
            draft.write(ByteBuffer.wrap(bytes("abc")));
            assertThat(draft.written()).isEqualTo(3);
            assertThat(files().list(folder())).containsExactly("a.draft");
        }
        assertThat(files().list(folder())).isEmpty();
    }

    @Test
    void draftsLeftByACrashAreDeletedAndOtherFilesStay() throws IOException {
        disk().create(folder().resolve("a.draft"), FileAccess.PRIVATE).close();
        disk().create(folder().resolve("b"), FileAccess.PRIVATE).close();
        files().deleteDrafts(folder());
        assertThat(files().list(folder())).containsExactly("b");
    }

    @Test
    void createsMissingFoldersAndKeepsThoseThatAreThere() throws IOException {
        Path deep = folder().resolve("x").resolve("y");
        files().createFolders(deep, FileAccess.PRIVATE);
        disk().create(deep.resolve("f"), FileAccess.PRIVATE).close();
        files().createFolders(deep, FileAccess.PRIVATE);
        assertThat(files().list(deep)).containsExactly("f");
    }

    @Test
    void truncatesButNeverLengthens() throws IOException {
        try (DiskFile file = disk().create(folder().resolve("a"), FileAccess.PRIVATE)) {
            file.writeFully(ByteBuffer.wrap(bytes("abcdef")), 0);
            file.truncate(10);
            assertThat(file.size()).isEqualTo(6);
            file.truncate(2);
            assertThat(file.size()).isEqualTo(2);
        }
    }

    @Test
    void deletesOnlyWhatIsThereWithoutComplaint() throws IOException {
        files().atomicWrite(folder().resolve("a"), bytes("abc"));
        files().delete(folder().resolve("a"));
        files().delete(folder().resolve("a"));
        assertThat(files().exists(folder().resolve("a"))).isFalse();
    }

    @Test
    void allocatedRoomIsZerosBehindWhatTheFileHeld() throws IOException {
        Path path = folder().resolve("a");
        try (DiskFile file = disk().create(path, FileAccess.PRIVATE)) {
            file.writeFully(ByteBuffer.wrap(bytes("abc")), 0);
            files().allocate(path, file, 100_001);
            assertThat(file.size()).isEqualTo(100_001);
            files().allocate(path, file, 5);
            assertThat(file.size()).isEqualTo(100_001);
        }
        byte[] expected = Arrays.copyOf(bytes("abc"), 100_001);
        assertThat(files().read(path, 100_001)).isEqualTo(expected);
    }

    @Test
    void deletesAFolderWithAllThatItHolds() throws IOException {
        Path deep = folder().resolve("x").resolve("y");
        files().createFolders(deep, FileAccess.PRIVATE);
        files().atomicWrite(deep.resolve("f"), bytes("abc"));
        files().atomicWrite(folder().resolve("stays"), bytes("abc"));
        files().deleteTree(folder().resolve("x"));
        files().deleteTree(folder().resolve("x"));
        assertThat(files().list(folder())).containsExactly("stays");
    }

    @Test
    void secondLockOfAFolderIsRefusedUntilTheFirstIsGone() throws IOException {
        FolderLock lock = FolderLock.acquire(disk(), folder());
        assertThatExceptionOfType(FaultException.class)
                .isThrownBy(() -> FolderLock.acquire(disk(), folder()))
                .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.LOCKED))
                .withMessageContaining(folder().toString());
        lock.close();
        FolderLock.acquire(disk(), folder()).close();
    }

    @Test
    void lockOfAFileNamesWhatIsInUse() throws IOException {
        FolderLock lock = FolderLock.acquire(disk(), folder().resolve("users.lock"), "dataset users");
        assertThatExceptionOfType(FaultException.class)
                .isThrownBy(() -> FolderLock.acquire(disk(), folder().resolve("users.lock"), "dataset users"))
                .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.LOCKED))
                .withMessageStartingWith("dataset users is in use by another sago process");
        FolderLock.acquire(disk(), folder().resolve("logs.lock"), "dataset logs")
                .close();
        lock.close();
        FolderLock.acquire(disk(), folder().resolve("users.lock"), "dataset users")
                .close();
    }
}
