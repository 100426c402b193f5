package sago.bench.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sago.bench.macro.SagoRuns;

/** A host whose costs are known gives runs; the fit has to find the costs again. */
class FitTest {
    private static final double START_S = 1.5;
    private static final double HOME_PER_GB = 2.8;
    private static final double SITE_PER_GB = 0.9;
    private static final double KNOWN_PER_GB = 1.1;
    private static final double ENTRY_S = 60e-6;
    private static final double WALK_S = 12e-6;
    private static final double STORED = 0.47;
    private static final int CORES = 2;
    private static final double BUSY = 1.8;

    private static Sampled folder(String name, long files, long bytes) {
        return new Sampled(Path.of("/data", name), files, bytes);
    }

    /** @param noise a factor of this round's wall and CPU time */
    private static List<Run> runs(int round, double noise, Sampled folder) {
        double home = HOME_PER_GB * folder.gb() + ENTRY_S * folder.files();
        double site = SITE_PER_GB * folder.gb();
        SagoRuns.Cost full =
                new SagoRuns.Cost(noise * (START_S + (home + site) / BUSY), noise * (1 + home), noise * (0.2 + site));
        double wall = START_S + WALK_S * folder.files();
        SagoRuns.Cost unchanged = new SagoRuns.Cost(noise * wall, noise * wall, 0.1);
        double read = KNOWN_PER_GB * folder.gb();
        SagoRuns.Cost reread = new SagoRuns.Cost(noise * (START_S + read / BUSY), noise * (1 + read), noise * 0.2);
        String name = String.valueOf(folder.folder().getFileName());
        double stored = STORED * folder.bytes();
        return List.of(
                new Run(name, Run.FULL, round, folder, full, stored),
                new Run(name, Run.UNCHANGED, round, folder, unchanged, stored),
                new Run(name, Run.RESTORE, round, folder, full, stored),
                new Run(name, Run.REREAD, round, folder, reread, stored));
    }

    private static HostModel model(double... noise) {
        List<Run> runs = new ArrayList<>();
        for (int round = 1; round <= noise.length; round++) {
            runs.addAll(runs(round, noise[round - 1], folder(SampleFolders.NOTHING, 0, 0)));
            runs.addAll(runs(round, noise[round - 1], folder(SampleFolders.QUARTER, 5_000, 250_000_000)));
            runs.addAll(runs(round, noise[round - 1], folder(SampleFolders.SAMPLE, 20_000, 1_000_000_000)));
            runs.addAll(runs(round, noise[round - 1], folder(SampleFolders.SMALL, 20_000, 160_000_000)));
        }
        return new Fit(runs, CORES).model("example");
    }

    @Test
    void findsTheCostsThatMadeTheRuns() {
        HostModel model = model(1);
        assertThat(model.full().homePerGb().mid()).isCloseTo(HOME_PER_GB, within(0.01));
        assertThat(model.full().sitePerGb().mid()).isCloseTo(SITE_PER_GB, within(0.01));
        assertThat(model.full().perEntryS().mid()).isCloseTo(ENTRY_S, within(1e-7));
        assertThat(model.known().homePerGb().mid()).isCloseTo(KNOWN_PER_GB, within(0.01));
        assertThat(model.known().perEntryS().mid()).isCloseTo(0, within(1e-7));
        assertThat(model.warmBytes()).isEqualTo(250_000_000);
        assertThat(model.walkEntryS().mid()).isCloseTo(WALK_S, within(1e-7));
        assertThat(model.storedShare().mid()).isCloseTo(STORED, within(1e-9));
        assertThat(model.full().scaling().busy().mid()).isCloseTo(BUSY, within(0.01));
        assertThat(model.full().startS().mid()).isCloseTo(START_S, within(0.05));
    }

    @Test
    void predictsALargerRunOfTheSameKind() {
        Sampled large = folder("all", 160_000, 8_000_000_000L);
        double real = runs(1, 1, large).get(0).cost().wallS();
        Model model = new Model(model(1), Environment.loopback(CORES, DiskModel.UNKNOWN));
        Estimate estimate = model.backup(new Model.Load(large.bytes(), large.files(), 0));
        assertThat(estimate.totalS().mid()).isCloseTo(real, within(0.03 * real));
    }

    @Test
    void roundsThatDifferMakeARange() {
        HostModel model = model(0.8, 1, 1.3);
        assertThat(model.full().sitePerGb().low()).isCloseTo(0.8 * SITE_PER_GB, within(0.01));
        assertThat(model.full().sitePerGb().mid()).isCloseTo(SITE_PER_GB, within(0.01));
        assertThat(model.full().sitePerGb().high()).isCloseTo(1.3 * SITE_PER_GB, within(0.01));
    }

    @Test
    void oneRoundIsNotTakenForExact() {
        HostModel model = model(1);
        assertThat(model.full().sitePerGb().high()).isGreaterThanOrEqualTo(1.1 * SITE_PER_GB * 0.999);
    }

    @Test
    void aCheckSaysHowFarTheMiddleIsOff() {
        Sampled all = folder("all", 40_000, 2_000_000_000L);
        Model model = new Model(model(1), Environment.loopback(CORES, DiskModel.UNKNOWN));
        Model.Load allKnown = new Model.Load(0, all.bytes(), 0, 0);
        List<Check> checks = Check.all(model, withChange(runs(1, 2, all)), allKnown);
        assertThat(checks).extracting(Check::run).containsExactly("full", "unchanged", "restore", "changed");
        assertThat(checks.get(0).errorShare()).isCloseTo(-0.5, within(0.03));
        assertThat(checks.get(3).errorShare()).isCloseTo(-0.5, within(0.03));
        assertThat(Check.all(model, withChange(runs(1, 1, all)), allKnown))
                .allMatch(check -> Math.abs(check.errorShare()) <= Check.ERROR_MAX);
    }

    /** A change that touched all files and changed next to nothing is a second reading. */
    private static List<Run> withChange(List<Run> runs) {
        List<Run> changed = new ArrayList<>(runs);
        for (Run run : runs) {
            if (run.kind().equals(Run.REREAD)) {
                changed.add(new Run(run.data(), Run.CHANGED, run.round(), run.folder(), run.cost(), run.storedBytes()));
            }
        }
        return changed;
    }
}
