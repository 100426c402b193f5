package sago.bench.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import sago.bench.plan.Model.Load;
import sago.common.pack.PackGeometry;
import sago.common.time.Clock;

/** From what a disk did in some rounds to what a plan says of it. */
class DiskTest {
    private static final double MB = 1e6;
    private static final long BYTES = 512_000_000;
    private static final LinkModel FAST = Examples.link(1e12, 0, 4);
    private static final DiskModel HERE = new DiskModel(Range.exactly(400 * MB), Range.exactly(100 * MB), "measured");

    @TempDir
    private Path folder;

    private static DiskSpeed speed(int round, double writeS, double directS, double cachedS) {
        return new DiskSpeed(round, BYTES, writeS, directS, cachedS);
    }

    private static double mid(Estimate estimate, Resource resource) {
        return Objects.requireNonNull(estimate.waits().get(resource), resource.key())
                .mid();
    }

    @Test
    void ratesAreBytesThroughSecondsFromTheSlowestToTheFastestRound() {
        DiskModel disk =
                DiskSpeed.model(List.of(speed(1, 4, 2, 0.1), speed(2, 5.12, 1.6, 0.1), speed(3, 3.2, 1, 0.1)), "/here");
        assertThat(disk.write().low()).isCloseTo(100 * MB, within(1.0));
        assertThat(disk.write().mid()).isCloseTo(128 * MB, within(1.0));
        assertThat(disk.write().high()).isCloseTo(160 * MB, within(1.0));
        assertThat(disk.read().low()).isCloseTo(256 * MB, within(1.0));
        assertThat(disk.read().mid()).isCloseTo(320 * MB, within(1.0));
        assertThat(disk.read().high()).isCloseTo(512 * MB, within(1.0));
        assertThat(disk.source())
                .contains("/here", "3 rounds of 488 MiB", "forced at 100 – 160 MB/s (128)", "256 – 512 MB/s (320)");
    }

    @Test
    void oneRoundIsNotTakenForExact() {
        DiskModel disk = DiskSpeed.model(List.of(speed(1, 5.12, 5.12, 0.1)), "/here");
        assertThat(disk.write().low()).isCloseTo(90 * MB, within(1.0));
        assertThat(disk.read().high()).isCloseTo(110 * MB, within(1.0));
    }

    @Test
    void readingThatMemoryMayHaveDoneDoesNotCount() {
        DiskModel fast = DiskSpeed.model(List.of(speed(1, 4, 2, 0.1), speed(2, 4, 0.12, 0.1)), "/here");
        assertThat(fast.read().mid()).isInfinite();
        assertThat(fast.write().mid()).isCloseTo(128 * MB, within(1.0));
        assertThat(fast.isUnknown()).isFalse();
        assertThat(fast.source()).contains("as fast as memory", "reading counts as no limit");
        DiskModel refused = DiskSpeed.model(List.of(speed(1, 4, 0, 0.1)), "/here");
        assertThat(refused.read().mid()).isInfinite();
        assertThat(refused.source()).contains("refuses to read past the page cache");
    }

    @Test
    void aBackupReadsAtHomeAndWritesAtTheSiteAndARestoreTheOtherWayRound() {
        DiskModel site = new DiskModel(Range.exactly(50 * MB), Range.exactly(20 * MB), "");
        Model model = new Model(Examples.host(), new Environment(64, 64, false, FAST, HERE, site));
        Estimate backup = model.backup(new Load(1e9, 3e9, 0, 0));
        assertThat(mid(backup, Resource.HOME_DISK)).isCloseTo(4e9 / (400 * MB), within(1e-9));
        assertThat(mid(backup, Resource.SITE_DISK)).isCloseTo(0.5e9 / (20 * MB), within(1e-9));
        Estimate restore = model.restore(new Load(1e9, 0, 0));
        assertThat(mid(restore, Resource.HOME_DISK)).isCloseTo(1e9 / (100 * MB), within(1e-9));
        assertThat(mid(restore, Resource.SITE_DISK)).isCloseTo(0.5e9 / (50 * MB), within(1e-9));
    }

    @Test
    void whenBothEndsAreHereOnlyASitesWritingWaits() {
        Model model = new Model(Examples.host(), Environment.loopback(64, HERE));
        assertThat(mid(model.backup(new Load(1e9, 0, 0)), Resource.SITE_DISK)).isCloseTo(5, within(1e-9));
        assertThat(mid(model.backup(new Load(1e9, 0, 0)), Resource.HOME_DISK)).isZero();
        assertThat(mid(model.restore(new Load(1e9, 0, 0)), Resource.SITE_DISK)).isZero();
        assertThat(mid(model.restore(new Load(1e9, 0, 0)), Resource.HOME_DISK)).isZero();
    }

    @Test
    void whatAUserSaysGoesBeforeWhatWasMeasured() {
        HostOptions options = CommandLine.populateCommand(new HostOptions(), "--site-disk", "200");
        assertThat(options.asksForDisks()).isTrue();
        Environment place = options.environment(FAST, HERE);
        assertThat(place.homeDisk()).isEqualTo(HERE);
        assertThat(place.siteDisk().write().mid()).isEqualTo(200 * MB);
        assertThat(place.siteDisk().read().mid()).isEqualTo(200 * MB);
        assertThat(CommandLine.populateCommand(new HostOptions(), "--site-disk", "200", "--home-disk", "1")
                        .asksForDisks())
                .isFalse();
    }

    @Test
    void onlyADiskThatNobodyKnowsCountsAsNoLimit() {
        assertThat(notes(HERE, HERE)).containsOnlyOnce("measured").noneMatch(note -> note.contains("no limit"));
        DiskModel given = DiskModel.given(Range.exactly(MB));
        assertThat(notes(given, given)).noneMatch(note -> note.contains("no limit"));
        assertThat(notes(given, DiskModel.UNKNOWN))
                .filteredOn(note -> note.contains("no limit"))
                .singleElement()
                .asString()
                .contains("at the site", "--site-disk", "--work");
    }

    private static List<String> notes(DiskModel home, DiskModel site) {
        Environment place = new Environment(2, 2, false, FAST, home, site);
        return new Planner(Examples.job(Examples.TB), Examples.host(), place)
                .plan()
                .notes();
    }

    @Test
    void measuresARealDiskAndLeavesNothing() throws IOException {
        PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        List<DiskSpeed> speeds = new DiskProbe(folder, 2, Clock.system(), silent).measure(1);
        assertThat(speeds).singleElement().satisfies(speed -> {
            assertThat(speed.bytes()).isEqualTo(2L * PackGeometry.DEFAULT.packBytes());
            assertThat(speed.writeS()).isPositive();
            assertThat(speed.cachedS()).isPositive();
            assertThat(speed.directS()).isNotNegative();
        });
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aDiskOfNoSpeedIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CommandLine.populateCommand(new HostOptions(), "--home-disk", "0")
                        .environment(FAST, HERE))
                .withMessageContaining("--home-disk");
    }
}
