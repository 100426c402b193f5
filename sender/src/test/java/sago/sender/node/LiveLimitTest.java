package sago.sender.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.time.Clock;
import sago.sender.upload.RateLimit;

class LiveLimitTest {
    private static final long MIDNIGHT_MS = 1_795_219_200_000L;
    private static final long HOUR_MS = 3_600_000;

    private final DurableFiles files = new DurableFiles(Disk.real());
    private final AtomicLong nowMs = new AtomicLong(MIDNIGHT_MS);
    private final List<String> warnings = new ArrayList<>();
    private final Clock clock = new Clock() {
        @Override
        public long wallMs() {
            return nowMs.get();
        }

        @Override
        public long monotonicNs() {
            return nowMs.get() * 1_000_000;
        }
    };
    private Path path = Path.of("/");
    private LimitFile file = new LimitFile(files, path);
    private LiveLimit live = new LiveLimit(file, RateLimit.OFF, clock, ZoneOffset.UTC, warnings::add);

    @BeforeEach
    void open(@TempDir Path folder) {
        live.close();
        warnings.clear();
        path = folder.resolve("limit");
        file = new LimitFile(files, path);
        live = new LiveLimit(file, RateLimit.parse("1M"), clock, ZoneOffset.UTC, warnings::add);
    }

    @AfterEach
    void close() {
        live.close();
    }

    @Test
    void goesByItsOwnLimitWhereTheHomeHasNone() {
        assertThat(live.bytesPerSecond()).isEqualTo(1 << 20);
    }

    @Test
    void followsTheFileWhileItRuns() throws Exception {
        file.write(RateLimit.parse("5M"));
        live.look();
        assertThat(live.bytesPerSecond()).isEqualTo(5 << 20);
        file.write(RateLimit.OFF);
        live.look();
        assertThat(live.bytesPerSecond()).isEqualTo(RateLimit.UNLIMITED);
        file.delete();
        live.look();
        assertThat(live.bytesPerSecond()).isEqualTo(1 << 20);
    }

    @Test
    void followsTheTimeOfDay() throws Exception {
        file.write(RateLimit.parse("08:00,10M 19:00,off"));
        nowMs.set(MIDNIGHT_MS + 9 * HOUR_MS);
        live.look();
        assertThat(live.bytesPerSecond()).isEqualTo(10 << 20);
        nowMs.set(MIDNIGHT_MS + 20 * HOUR_MS);
        live.look();
        assertThat(live.bytesPerSecond()).isEqualTo(RateLimit.UNLIMITED);
    }

    @Test
    void staysWhereTheFileSaysNothingThatCanBeMeantAndWarnsOnce() throws Exception {
        file.write(RateLimit.parse("5M"));
        live.look();
        files.atomicWrite(path, "fast".getBytes(StandardCharsets.UTF_8));
        live.look();
        live.look();
        assertThat(live.bytesPerSecond()).isEqualTo(5 << 20);
        assertThat(warnings).hasSize(1);
        assertThatThrownBy(file::read)
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.USAGE));
    }
}
