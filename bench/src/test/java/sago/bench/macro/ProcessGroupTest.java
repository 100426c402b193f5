package sago.bench.macro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.time.Clock;

class ProcessGroupTest {
    /** Burns CPU in a child that is waited for, so that nothing of it lives when the parent ends; the parent then lingers for a moment. */
    private static final String CHILD_BURNS = "sh -c 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done'; sleep 0.1";

    @TempDir
    private Path folder;

    private Invocation shell(String script) {
        return new Invocation(List.of("/bin/sh", "-c", script), Map.of(), folder);
    }

    private double burn(Account account) throws IOException, InterruptedException {
        try (ProcessGroup group = new ProcessGroup("test", account, List.of(), Clock.system())) {
            group.run(shell(CHILD_BURNS), folder.resolve("log"));
            return group.cpuS();
        }
    }

    @Test
    void countsAChildThatEndedAndWasWaitedForBySampling() throws Exception {
        assertThat(burn(new SampledAccount())).isGreaterThan(0.05);
    }

    @Test
    void countsAChildThatEndedAndWasWaitedForByControlGroup() throws Exception {
        assumeTrue(ControlGroup.parent().isPresent(), "no control groups here");
        String name = "sago-test-" + ProcessHandle.current().pid();
        assertThat(burn(ControlGroup.make(ControlGroup.parent().orElseThrow(), name)))
                .isGreaterThan(0.05);
        assertThat(ControlGroup.parent().orElseThrow().resolve(name)).doesNotExist();
    }

    @Test
    void addsUpTheMemoryOfAllProcesses() throws Exception {
        // Each of two shells holds a text of about 8 MB.
        String holds = "x=$(head -c 8000000 /dev/zero | tr '\\0' a); sleep 1";
        try (ProcessGroup group = new ProcessGroup("test", new SampledAccount(), List.of(), Clock.system())) {
            group.run(
                    shell("sh -c \"" + holds.replace("$", "\\$") + "\" & " + holds + "; wait"), folder.resolve("log"));
            assertThat(group.peakBytes()).isGreaterThan(15_000_000);
            group.resetPeak();
            assertThat(group.peakBytes()).isLessThan(1_000_000);
        }
    }

    @Test
    void leavesNoProcessBehind() throws Exception {
        Path pid = folder.resolve("pid");
        Process parent;
        try (ProcessGroup group = new ProcessGroup("test", new SampledAccount(), List.of(), Clock.system())) {
            parent = group.start(shell("sleep 600 & echo $! > " + pid + "; trap '' TERM; wait"), folder.resolve("log"));
            while (!Files.exists(pid) || Files.size(pid) == 0) {
                Thread.onSpinWait();
            }
            group.kill();
        }
        assertThat(parent.isAlive()).isFalse();
        long child = Long.parseLong(Files.readString(pid).strip());
        // One that nobody waits for yet has no command line any more.
        Path line = Path.of("/proc", Long.toString(child), "cmdline");
        assertThat(Files.exists(line) ? Files.readString(line) : "").isEmpty();
    }

    @Test
    void aCommandThatFailsShowsWhatItSaid() {
        assertThatThrownBy(() -> {
                    try (ProcessGroup group =
                            new ProcessGroup("test", new SampledAccount(), List.of(), Clock.system())) {
                        group.run(shell("echo no room here; exit 3"), folder.resolve("log"));
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("exit status 3")
                .hasMessageContaining("no room here");
    }
}
