package sago.bench.macro;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.time.Clock;

class ThreadTimesTest {
    @TempDir
    private Path folder;

    @Test
    void aWatchedGroupSaysWhatItsThreadsSpentThoughTheyEnded() throws Exception {
        ThreadTimes times = new ThreadTimes();
        try (ProcessGroup group = new ProcessGroup("busy", new SampledAccount(), List.of(), Clock.system())) {
            group.watchThreads(times, "home");
            Invocation busy = new Invocation(
                    List.of("sh", "-c", "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done"), Map.of(), folder);
            group.run(busy, Files.createFile(folder.resolve("log")));
        }
        assertThat(times.seconds()).containsOnlyKeys("home sh");
        assertThat(times.seconds().get("home sh")).isPositive();
    }

    @Test
    void threadsOfOneNameAreOneLine() throws Exception {
        ThreadTimes times = new ThreadTimes();
        times.look("site", ProcessHandle.current().pid());
        assertThat(times.seconds().keySet())
                .allMatch(name -> name.startsWith("site "))
                .doesNotHaveDuplicates();
        assertThat(times.seconds()).isNotEmpty();
    }
}
