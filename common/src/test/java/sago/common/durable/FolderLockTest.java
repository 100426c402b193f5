package sago.common.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/** Locks between real processes: the kernel keeps them, and gives them up with the process. */
class FolderLockTest {
    @TempDir
    private Path folder;

    @Test
    void sharingProcessesWorkBesideEachOtherAndKeepOutWhoWantsItAlone() throws Exception {
        try (Holder one = new Holder("shared");
                Holder other = new Holder("shared")) {
            FolderLock.acquireShared(Disk.real(), folder).close();
            assertThatExceptionOfType(FaultException.class)
                    .isThrownBy(() -> FolderLock.acquire(Disk.real(), folder))
                    .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.LOCKED))
                    .withMessageMatching(".*\\(pid (" + one.process.pid() + "|" + other.process.pid() + ")\\).*");
        }
    }

    @Test
    void whoHasItAloneKeepsEverybodyOutAndIsNamed() throws Exception {
        try (Holder alone = new Holder("alone")) {
            assertThatExceptionOfType(FaultException.class)
                    .isThrownBy(() -> FolderLock.acquireShared(Disk.real(), folder))
                    .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.LOCKED))
                    .withMessageContaining("(pid " + alone.process.pid() + ")");
        }
    }

    @Test
    void nothingStaleIsLeftByAKilledProcess() throws Exception {
        try (Holder alone = new Holder("alone")) {
            alone.process.destroyForcibly().waitFor();
            FolderLock.acquire(Disk.real(), folder).close();
        }
    }

    /** A process of its own that holds the lock until it is closed. */
    private final class Holder implements AutoCloseable {
        final Process process;

        Holder(String how) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            LockHolding.class.getName(),
                            folder.toString(),
                            how)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            assertThat(process.getInputStream().read()).isEqualTo('h');
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }
}
