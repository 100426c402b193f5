package sago.sender.source.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PosixTest {
    @TempDir
    Path folder;

    private Posix posix;

    @BeforeEach
    void load() throws Exception {
        posix = Posix.load();
    }

    @Test
    void setsNanosecondsOfLinksThemselves() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        Path link = folder.resolve("link");
        posix.createLink(link, new byte[] {'f', 'i', 'l', 'e'});
        posix.setModified(file, 5, 6);
        posix.setModified(link, 1_234_567_890L, 987_654_321);

        assertThat(FileStatus.of(link).modified()).isEqualTo(Instant.ofEpochSecond(1_234_567_890L, 987_654_321));
        assertThat(FileStatus.of(file).modified()).isEqualTo(Instant.ofEpochSecond(5, 6));
    }

    @Test
    void setsTimesBeforeTheEpoch() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        posix.setModified(file, -5, 999_999_999);

        assertThat(FileStatus.of(file).modified()).isEqualTo(Instant.ofEpochSecond(-5, 999_999_999));
    }

    @Test
    void setsEveryModeBit() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        posix.setMode(file, 06751);

        assertThat(FileStatus.of(file).mode() & 07777).isEqualTo(06751);
    }

    @Test
    void setsOwnersOfLinksThemselvesAsRoot() throws Exception {
        Assumptions.assumeTrue(posix.uid() == 0, "only root can give files away");
        Path file = Files.createFile(folder.resolve("file"));
        Path link = folder.resolve("link");
        posix.createLink(link, new byte[] {'f', 'i', 'l', 'e'});
        posix.setOwner(link, 12_345, 54_321);

        assertThat(FileStatus.of(link).uid()).isEqualTo(12_345);
        assertThat(FileStatus.of(link).gid()).isEqualTo(54_321);
        assertThat(FileStatus.of(file).uid()).isEqualTo(posix.uid());
    }

    @Test
    void saysWhichPathAndWhyACallFailed() {
        assertThatThrownBy(() -> posix.setMode(folder.resolve("absent"), 0600))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("absent")
                .hasMessageContaining("No such file");
    }
}
