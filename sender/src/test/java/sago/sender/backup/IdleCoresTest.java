package sago.sender.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdleCoresTest {
    @TempDir
    Path folder;

    @Test
    void givesTheShareSinceTheLastTime() throws Exception {
        Path file = folder.resolve("stat");
        Files.writeString(file, "cpu  100 0 50 800 50 0 0 0 0 0\ncpu0 1 1 1 1\n");
        IdleCores cores = new IdleCores(file);
        Files.writeString(file, "cpu  110 0 50 825 55 5 5 0 70 70\n");
        assertThat(cores.share()).isEqualTo(0.6);
        assertThat(cores.share()).as("no tick has passed").isZero();
    }

    @Test
    void callsCoresBusyWhereNothingIsKnown() throws Exception {
        Path file = folder.resolve("stat");
        assertThat(new IdleCores(file).share()).isZero();
        Files.writeString(file, "intr ? 1 2\n");
        assertThat(new IdleCores(file).share()).isZero();
        Files.writeString(file, "");
        assertThat(new IdleCores(file).share()).isZero();
    }

    @Test
    void readsTheKernelsOwn() {
        assertThat(new IdleCores().share()).isBetween(0.0, 1.0);
    }
}
