package sago.bench.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.bench.result.BenchResult;
import sago.bench.result.Fields;

/** Ladders with and without the steps that cost by the entry. */
class LadderReaderTest {
    private static final double BYTES = 4e9;

    @TempDir
    private Path scratch;

    /** The example's tree with 0.2 core-seconds per GB of walk and 0.3 of tree, and so many entries; the whole costs 1.25 times the sum. */
    private BenchResult ladder(double entries) throws IOException {
        BenchResult before = Examples.result("ladder.json", scratch);
        Map<String, Object> figures = new LinkedHashMap<>(Fields.object(before.summary(), "tree"));
        figures.put("walk", 0.2);
        figures.put("tree", 0.3);
        figures.put("whole_without_start", 1.25 * (3.8 + 0.5));
        figures.put("whole", 1.25 * (3.8 + 0.5) + 1);
        return new BenchResult(
                before.kind(),
                before.time(),
                before.machine(),
                before.versions(),
                List.of(Map.of("name", "tree", "files", 1.0, "entries", entries, "bytes", BYTES)),
                before.settings(),
                before.samples(),
                Map.of("tree", figures));
    }

    private HostModel read(double entries) throws IOException {
        return new LadderReader(ladder(entries), null).read();
    }

    private static double coreS(HostModel host, double gb, double entries) {
        return gb * host.full().homePerGb().mid()
                + entries * host.full().perEntryS().mid();
    }

    @Test
    void walkAndTreeArePaidAtHomeByTheEntry() throws IOException {
        HostModel host = read(80_000);
        assertThat(host.full().perEntryS().mid()).isCloseTo(1.25 * 0.5 * 4 / 80_000, within(1e-9));
        assertThat(host.full().homePerGb().mid())
                .isCloseTo((0.20 + 0.45 + 0.55 + 1.35 + 0.06 + 0.30 + 0.175) * 1.25, within(0.001));
        assertThat(host.full().sitePerGb().mid()).isCloseTo((0.175 + 0.30 + 0.24) * 1.25, within(0.001));
        assertThat(host.sources()).anyMatch(source -> source.contains("A new entry: 31 core-µs"));
    }

    @Test
    void theLaddersOwnDataCostWhatTheWholeSystemCost() throws IOException {
        HostModel host = read(80_000);
        double both = coreS(host, 4, 80_000) + 4 * host.full().sitePerGb().mid();
        assertThat(both).isCloseTo(4 * 1.25 * (3.8 + 0.5), within(0.01));
    }

    @Test
    void aFewLargeFilesDoNotSayWhatAnEntryCosts() throws IOException {
        HostModel host = read(8);
        assertThat(host.full().perEntryS()).isEqualTo(Assumed.NEW_ENTRY_S);
        assertThat(host.full().homePerGb().mid())
                .isCloseTo((0.20 + 0.45 + 0.55 + 1.35 + 0.06 + 0.30 + 0.175 + 0.5) * 1.25, within(0.001));
    }

    @Test
    void aLadderWithoutThemIsReadAsBefore() throws IOException {
        HostModel host = new LadderReader(Examples.result("ladder.json", scratch), null).read();
        assertThat(host.full().perEntryS()).isEqualTo(Assumed.NEW_ENTRY_S);
        assertThat(host.sources()).anyMatch(source -> source.contains("cost of each entry"));
        assertThat(host.steps()).doesNotContainKeys("walk", "tree");
    }

    @Test
    void aRestoreNeitherWalksNorMakesATree() throws IOException {
        HostModel with = read(80_000);
        HostModel without = new LadderReader(Examples.result("ladder.json", scratch), null).read();
        assertThat(with.restore().homePerGb().mid())
                .isCloseTo(without.restore().homePerGb().mid(), within(1e-3));
    }
}
