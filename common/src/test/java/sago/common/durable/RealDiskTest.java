package sago.common.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
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
        Path probe = Files.createFile(temp.resolve("probe"));
        try (FileChannel direct = FileChannel.open(probe, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT)) {
            assertThat(direct.isOpen()).isTrue();
        } catch (IOException | UnsupportedOperationException e) {
            assumeTrue(false, "no direct writes in " + temp + ": " + e);
        }
        int block = 64 << 10;
        Path path = temp.resolve("pack");
        try (DiskFile file = Disk.real().createPastCache(path, FileAccess.PRIVATE)) {
            file.writeFully(ByteBuffer.allocate(block), 0);
            assertThat(descriptorsPastCache(path)).isZero();
            file.writeFully(
                    ByteBuffer.allocateDirect(2 * block).alignedSlice(block).limit(block), block);
            assertThat(descriptorsPastCache(path)).isOne();
        }
        assertThat(descriptorsPastCache(path)).isZero();
        assertThat(Files.size(path)).isEqualTo(2L * block);
    }

    /** Open descriptors of this file whose flags have O_DIRECT. */
    private static long descriptorsPastCache(Path path) throws IOException {
        long found = 0;
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                Path info = Path.of("/proc/self/fdinfo").resolve(descriptor.getFileName());
                if (Files.exists(descriptor) && Files.isSameFile(descriptor, path)) {
                    String flags = Files.readString(info)
                            .lines()
                            .filter(line -> line.startsWith("flags:"))
                            .findFirst()
                            .orElseThrow();
                    int direct = System.getProperty("os.arch").equals("aarch64") ? 0200000 : 040000;
                    found += (Integer.parseInt(flags.substring(6).strip(), 8) & direct) == 0 ? 0 : 1;
                }
            }
        }
        return found;
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
