package sago.sender.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;

/** What only a process of its own can show: death while writing, and a disk that is full under mapped pages. */
class CheckpointProcessTest {
    /** Chronicle's own lock would wait 15 s for a writer that died. */
    private static final Duration NEXT_RUN_MAX = Duration.ofSeconds(10);

    private static final String TMPFS_BYTES = "40m";

    @TempDir
    Path temp;

    private final DurableFiles files = new DurableFiles(Disk.real());

    @Test
    void killedWhileWritingItLosesNoRecordAndKeepsNobodyWaiting() throws Exception {
        Path folder = temp.resolve("checkpoint");
        Process child = CheckpointChild.start("write", folder.toString());
        int recorded = 0;
        try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
            while (recorded < 30_000) {
                String line = lines.readLine();
                assertThat(line).isNotNull();
                if (line.startsWith(CheckpointChild.RECORDED)) {
                    recorded = Integer.parseInt(line.substring(CheckpointChild.RECORDED.length()));
                }
            }
            child.destroyForcibly();
            assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        long start = System.nanoTime();
        try (CheckpointJournal journal = CheckpointJournal.open(folder, files);
                FinishedFiles finished = journal.merge(1).orElseThrow()) {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(NEXT_RUN_MAX);
            assertThat(finished.files()).isGreaterThan(recorded);
            for (int n = 0; n <= recorded; n += 7) {
                assertThat(finished.file(Samples.key(n))).isEqualTo(Samples.file(n, 1));
            }
        }
    }

    @Test
    void fullDiskIsAFaultAtEveryPointAndNothingIsLost() throws Exception {
        Path disk = Files.createDirectory(temp.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=" + TMPFS_BYTES, "tmpfs", disk.toString()) == 0,
                "needs the right to mount a small file system");
        try {
            Process child = CheckpointChild.start("full", disk.toString());
            String output = CheckpointChild.output(child);
            assertThat(child.waitFor()).as(output).isZero();
            assertThat(output).endsWith("whole\n");
            // Creation, each block of growth, and the same again for the sum.
            assertThat(met(output, "full while writing: ")).isGreaterThan(20);
            assertThat(met(output, "full while summing up: ")).isGreaterThan(5);
        } finally {
            run("umount", disk.toString());
        }
    }

    private static int met(String output, String label) {
        String rest = output.substring(output.indexOf(label) + label.length());
        return Integer.parseInt(rest.substring(0, rest.indexOf('\n')));
    }

    private static int run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException notThere) {
            return -1;
        }
    }
}
