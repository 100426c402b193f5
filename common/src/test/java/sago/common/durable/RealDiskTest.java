package sago.common.durable;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
