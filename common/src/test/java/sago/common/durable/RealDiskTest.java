package sago.common.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealDiskTest extends DiskContract {
    @TempDir
    Path temp;

    @Override
    Disk disk() {
        return Disk.real();
    }

    @Override
    Path folder() {
        return temp;
    }

    @Test
    void privateFilesAndFoldersAreTheOwnersOnly() throws IOException {
        DurableFiles files = new DurableFiles(Disk.real());
        files.atomicWrite(temp.resolve("secret"), new byte[1]);
        files.createFolders(temp.resolve("room"), FileAccess.PRIVATE);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("secret"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("room"))))
                .isEqualTo("rwx------");
    }

    @Test
    void wholeBlocksGoPastThePageCacheWhereTheFileSystemCan() throws IOException {
        int length = 16 * Disk.BLOCK_BYTES;
        assumeTrue(passesCache(temp.resolve("probe"), length), "no writes past the page cache in " + temp);
        Path path = temp.resolve("pack");
        try (DiskFile file = Disk.real().createPastCache(path, FileAccess.PRIVATE)) {
            file.writeFully(Disk.blocks(length), 0);
            file.writeFully(ByteBuffer.allocate(length), length);
            file.force();
        }
        assertThat(inCache(path, 0, length)).as("whole blocks").isFalse();
        assertThat(inCache(path, length, length)).as("from the heap").isTrue();
    }

    /** Whether this file system does what is asked, without our code. */
    private static boolean passesCache(Path probe, int length) throws IOException {
        try (FileChannel direct = FileChannel.open(
                probe, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT)) {
            direct.write(Disk.blocks(length), 0);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
        return !inCache(probe, 0, length);
    }

    /** Whether the page cache has all of this part, which nobody has read. */
    private static boolean inCache(Path path, long offset, long length) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, offset, length).isLoaded();
        }
    }

    @Test
    void tellsAFullDiskFromABrokenOne() {
        assertThat(NoSpace.is(new IOException("No space left on device"))).isTrue();
        assertThat(NoSpace.is(new IOException("Disk quota exceeded"))).isTrue();
        assertThat(NoSpace.is(new IOException("writing failed", new IOException("No space left on device"))))
                .isTrue();
        assertThat(NoSpace.is(new IOException("Input/output error"))).isFalse();
        assertThat(NoSpace.is(new IOException("Input/output error"), Disk.real(), temp))
                .isFalse();
    }
}
