package sago.bench.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static sago.bench.plan.Examples.HOUR_S;
import static sago.bench.plan.Examples.TB;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlannerTest {
    private static final List<String> TIMES =
            List.of("full_s", "incremental_s", "rpo_s", "restore_all_s", "restore_1_percent_s", "catch_up_s");
    private static final LinkModel FAST = Examples.link(1e10, 0, 4);

    private static Plan plan(Job job, LinkModel link) {
        return new Planner(job, Examples.host(), Examples.place(link)).plan();
    }

    private static double mid(Plan plan, String key) {
        return plan.figure(key).range().mid();
    }

    @Test
    void moreDataNeverTakesLess() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            LinkModel link =
                    Examples.link(1e6 + random.nextDouble() * 1e9, random.nextDouble(), 1 + random.nextInt(64));
            double bytes = random.nextDouble() * 100 * TB + 1;
            Plan less = plan(Examples.job(bytes), link);
            Plan more = plan(Examples.job(bytes * (1 + random.nextDouble())), link);
            for (String key : TIMES) {
                assertThat(mid(more, key)).as("%s, seed %d", key, seed).isGreaterThanOrEqualTo(mid(less, key));
            }
        }
    }

    @Test
    void aFasterLinkNeverTakesLonger() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            double rate = 1e6 + random.nextDouble() * 1e9;
            double rtt = random.nextDouble();
            Plan slow = plan(Examples.job(TB), Examples.link(rate, rtt, 0));
            Plan fast = plan(Examples.job(TB), Examples.link(rate * (1 + random.nextDouble()), rtt, 0));
            for (String key : TIMES) {
                assertThat(mid(fast, key)).as("%s, seed %d", key, seed).isLessThanOrEqualTo(mid(slow, key));
            }
        }
    }

    @Test
    void theBottleneckIsWhateverIsShort() {
        Job job = Examples.job(TB);
        assertThat(plan(job, FAST).full().bottleneck()).isEqualTo(Resource.HOME_CORES);
        assertThat(plan(job, Examples.link(1e7, 0, 4)).full().bottleneck()).isEqualTo(Resource.LINK);
        assertThat(plan(job, Examples.link(1e9, 0.5, 1)).full().bottleneck()).isEqualTo(Resource.WINDOW);
        Environment weakSite = new Environment(16, 1, false, FAST, DiskModel.UNKNOWN, DiskModel.UNKNOWN);
        assertThat(full(weakSite)).isEqualTo(Resource.SITE_CORES);
        Environment slowSource =
                new Environment(2, 2, false, FAST, DiskModel.given(Range.exactly(1e8)), DiskModel.UNKNOWN);
        assertThat(full(slowSource)).isEqualTo(Resource.HOME_DISK);
        Environment slowStore =
                new Environment(2, 2, false, FAST, DiskModel.UNKNOWN, DiskModel.given(Range.exactly(1e8)));
        assertThat(full(slowStore)).isEqualTo(Resource.SITE_DISK);
        Job many = new Job(TB, 1e9, 0, 24 * HOUR_S, 8 * HOUR_S, 1, 0, 60);
        assertThat(plan(many, FAST).incremental().bottleneck()).isEqualTo(Resource.WALK);
    }

    private static Resource full(Environment place) {
        return new Planner(Examples.job(TB), Examples.host(), place)
                .plan()
                .full()
                .bottleneck();
    }

    @Test
    void bothEndsOnOneMachineShareItsCores() {
        Environment shared = new Environment(2, 2, true, FAST, DiskModel.UNKNOWN, DiskModel.UNKNOWN);
        Estimate estimate = new Model(Examples.host(), shared).backup(new Model.Load(1e12, 0, 0));
        assertThat(estimate.totalS().mid()).isCloseTo(2 + 1000 * (3 + 1) / 2.0, within(1e-6));
        Estimate apart = new Model(Examples.host(), Examples.place(FAST)).backup(new Model.Load(1e12, 0, 0));
        assertThat(apart.totalS().mid()).isCloseTo(2 + 1000 * 3 / 2.0, within(1e-6));
    }

    @Test
    void oneTerabyteOverAGigabitIsTheSumByHand() {
        Plan plan = plan(Examples.job(TB), Examples.link(1e8, 0, 4));
        assertThat(mid(plan, "full_s")).isCloseTo(2 + 0.5e12 / 1e8, within(1e-6));
        assertThat(mid(plan, "incremental_s")).isCloseTo(2 + 0.01e12 / 1e8, within(1e-6));
        assertThat(mid(plan, "rpo_s")).isCloseTo(24 * HOUR_S + 102, within(1e-6));
        assertThat(mid(plan, "rpo_outage_s")).isCloseTo(48 * HOUR_S + 2 + 0.02e12 / 1e8, within(1e-6));
        assertThat(mid(plan, "wire_bytes_per_day")).isCloseTo(0.01e12 * 1.01, within(1.0));
        assertThat(mid(plan, "site_disk_bytes")).isCloseTo(0.5e12 + 0.01e12 * 60 * 1.05, within(1.0));
        assertThat(mid(plan, "memory_home_bytes")).isEqualTo(512 << 20);
        assertThat(mid(plan, "memory_site_bytes")).isEqualTo(256 << 20);
    }

    @Test
    void aFixedLadderGivesAFixedPlan(@TempDir Path scratch) throws IOException {
        HostModel host = new LadderReader(Examples.result("ladder.json", scratch), null)
                .read()
                .storing(0.5);
        LinkModel link = LinkReader.measured(Examples.result("link.json", scratch), 0, null);
        Plan plan = new Planner(Examples.job(10 * TB), host, Examples.place(link)).plan();
        // 10^13 bytes x 0.5 stored / 110 MB/s, 30 core-hours at home and site are less.
        assertThat(plan.full().bottleneck()).isEqualTo(Resource.LINK);
        assertThat(mid(plan, "full_s")).isCloseTo(2 + 5e12 / 1.1e8, within(1.0));
        assertThat(host.full().homePerGb().mid())
                .isCloseTo((0.20 + 0.45 + 0.55 + 1.35 + 0.06 + 0.30 + 0.175) * 1.25, within(0.001));
        assertThat(host.full().sitePerGb().mid()).isCloseTo((0.175 + 0.30 + 0.24) * 1.25, within(0.001));
        assertThat(host.full().startS().mid()).isCloseTo((5.75 - 4.75) * 4 / 2, within(0.001));
        assertThat(plan.figure("connections").range().mid()).isEqualTo(8);
    }

    @Test
    void anIncrementalThatCannotFitIsCalledThat() {
        Job job = new Job(100 * TB, 1e6, 0.5, 24 * HOUR_S, HOUR_S, 1, 0, 60);
        assertThat(plan(job, Examples.link(1e7, 0, 4)).notes()).anyMatch(note -> note.contains("does NOT fit"));
        assertThat(plan(Examples.job(TB), FAST).notes()).anyMatch(note -> note.contains("fits into the window"));
    }

    @Test
    void theSpoolIsMarkedAsNotBuilt() {
        Plan plan = plan(Examples.job(TB), FAST);
        assertThat(plan.figure("spool_bytes").words()).contains("not built");
        assertThat(plan.notes()).anyMatch(note -> note.contains("There is no spool yet"));
    }

    @Test
    void everySiteTakesItsTurn() {
        Job two = new Job(TB, 1e6, 0.02, 24 * HOUR_S, 8 * HOUR_S, 2, 0, 60);
        assertThat(mid(plan(two, FAST), "full_s"))
                .isCloseTo(2 * mid(plan(Examples.job(TB), FAST), "full_s"), within(1e-6));
    }

    @Test
    void nonsenseIsRefusedByName() {
        assertThatIllegalArgumentException().isThrownBy(() -> Examples.job(-1)).withMessageContaining("--protect");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Examples.job(Double.NaN))
                .withMessageContaining("--protect");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Job(TB, 1, 0, HOUR_S, 0, 1, 0, 0))
                .withMessageContaining("--window");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Job(TB, 1, 1.5, HOUR_S, 1, 1, 0, 0))
                .withMessageContaining("--change");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinkReader.given(10, 0, 0, null))
                .withMessageContaining("--mbit");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinkReader.given(-1, 10, 0, null))
                .withMessageContaining("--rtt");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Examples.host().storing(0))
                .withMessageContaining("--stored-share");
    }

    @Test
    void aResultOfAnotherKindIsRefused(@TempDir Path scratch) throws IOException {
        var link = Examples.result("link.json", scratch);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LadderReader(link, null))
                .withMessageContaining("kind ladder");
        var ladder = Examples.result("ladder.json", scratch);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinkReader.measured(ladder, 0, null))
                .withMessageContaining("kind link");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LadderReader(ladder, "mail"))
                .withMessageContaining("the ladder knows logs, tree");
    }
}
