package sago.bench.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.bench.data.Change;
import sago.bench.plan.Model.Load;
import sago.sender.chunk.ChunkerParameters;

/** What a changed run costs, by hand: 3 core-seconds per new GB at home and 1 at the site, 1 per GB that is found stored. */
class ModelTest {
    private static final double GB = 1e9;
    private static final int RUN_BYTES = 1 << 18;
    private static final long CHUNK_BYTES = ChunkerParameters.DEFAULT.avgBytes();

    @TempDir
    private Path folder;

    private static Model model(boolean shared, double homeDisk) {
        LinkModel fast = Examples.link(1e12, 0, 4);
        return new Model(
                Examples.host(),
                new Environment(2, 2, shared, fast, DiskModel.given(Range.exactly(homeDisk)), DiskModel.UNKNOWN));
    }

    private static double mid(Estimate estimate, Resource resource) {
        return Objects.requireNonNull(estimate.waits().get(resource), resource.key())
                .mid();
    }

    @Test
    void whatIsFoundStoredCostsItsReadingOnly() {
        Estimate apart = model(false, 1e12).backup(new Load(10 * GB, 90 * GB, 0, 0));
        assertThat(mid(apart, Resource.HOME_CORES)).isCloseTo((30 + 90) / 2.0, within(1e-6));
        assertThat(mid(apart, Resource.SITE_CORES)).isCloseTo(10 / 2.0, within(1e-6));
        Estimate shared = model(true, 1e12).backup(new Load(10 * GB, 90 * GB, 0, 0));
        assertThat(mid(shared, Resource.HOME_CORES)).isCloseTo((40 + 90) / 2.0, within(1e-6));
    }

    @Test
    void allThatIsReadWaitsForTheDiskButOnlyWhatIsNewForTheLink() {
        Estimate estimate = model(false, 1e8).backup(new Load(10 * GB, 90 * GB, 0, 0));
        assertThat(estimate.bottleneck()).isEqualTo(Resource.HOME_DISK);
        assertThat(mid(estimate, Resource.HOME_DISK)).isCloseTo(1000, within(1e-6));
        assertThat(mid(estimate, Resource.LINK)).isCloseTo(0.5 * 10 * GB / 1e12, within(1e-9));
    }

    @Test
    void aStartGrowsWithTheFirstBytesOnly() {
        HostModel host = Examples.host();
        RunCost slow = new RunCost(
                Range.exactly(3),
                host.full().homePerGb(),
                host.full().sitePerGb(),
                host.full().perEntryS(),
                host.full().scaling());
        HostModel warming = new HostModel(
                "example",
                Map.of(),
                slow,
                host.known(),
                GB,
                Range.exactly(1),
                host.restore(),
                host.walkEntryS(),
                host.storedShare(),
                List.of());
        Model model = new Model(warming, Environment.loopback(2, DiskModel.UNKNOWN));
        assertThat(start(model, 0, 0)).isEqualTo(1);
        assertThat(start(model, GB / 2, 0)).isCloseTo(2, within(1e-9));
        assertThat(start(model, GB, 0)).isEqualTo(3);
        assertThat(start(model, 8 * GB, 0)).isEqualTo(3);
        assertThat(start(model, GB / 4, 8 * GB)).isEqualTo(2);
    }

    private static double start(Model model, double bytes, double known) {
        return model.backup(new Load(bytes, known, 0, 0)).startS().mid();
    }

    @Test
    void aChangeReadsFilesWholeAndStoresTheirChangedChunks() throws IOException {
        long large = 60_000_000;
        Files.write(folder.resolve("large"), new byte[(int) large]);
        Change change = Change.of(folder, 1);
        Load load = Check.load(new Sampled(folder, 1, large), change);
        long fresh = 2 * (RUN_BYTES + CHUNK_BYTES);
        assertThat(load).isEqualTo(new Load(fresh, large - fresh, 1, 0));
    }

    @Test
    void ofASmallFileNoMoreThanItselfIsNew() throws IOException {
        Files.write(folder.resolve("small"), new byte[5000]);
        Load load = Check.load(new Sampled(folder, 3, 5000), Change.of(folder, 1));
        assertThat(load).isEqualTo(new Load(5000, 0, 1, 2));
    }
}
