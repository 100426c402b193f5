package sago.sender.retain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** restic's rules, on times whose outcome was worked out by hand. */
class KeepPolicyTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final List<Instant> TIMES = times(
            "2024-02-29T09:00:00Z",
            "2025-12-31T23:59:59Z",
            "2026-01-01T00:00:00Z",
            "2026-10-31T08:00:00Z",
            "2026-11-15T23:30:00Z",
            "2026-11-16T00:30:00Z",
            "2026-11-20T10:00:00Z",
            "2026-11-20T10:45:00Z",
            "2026-11-20T11:15:00Z",
            "2026-11-21T22:00:00Z");

    @Test
    void keepsTheLast() {
        assertThat(kept(counts(KeepPeriod.LAST, 3))).containsExactly("11-21T22:00", "11-20T11:15", "11-20T10:45");
        assertThat(kept(counts(KeepPeriod.LAST, KeepPolicy.ALL))).hasSize(TIMES.size());
        assertThat(kept(counts(KeepPeriod.LAST, 100))).hasSize(TIMES.size());
    }

    @Test
    void keepsTheNewestOfEachHour() {
        assertThat(kept(counts(KeepPeriod.HOURLY, 3))).containsExactly("11-21T22:00", "11-20T11:15", "11-20T10:45");
        assertThat(kept(counts(KeepPeriod.HOURLY, 4)))
                .containsExactly("11-21T22:00", "11-20T11:15", "11-20T10:45", "11-16T00:30");
    }

    @Test
    void keepsTheNewestOfEachDayThatHasOne() {
        assertThat(kept(counts(KeepPeriod.DAILY, 3))).containsExactly("11-21T22:00", "11-20T11:15", "11-16T00:30");
    }

    @Test
    void weeksBeginOnMondaysAndBelongToTheirIsoYear() {
        assertThat(kept(counts(KeepPeriod.WEEKLY, 2))).containsExactly("11-21T22:00", "11-15T23:30");
        // The 31st of December 2025 and the 1st of January 2026 are of one week.
        assertThat(kept(counts(KeepPeriod.WEEKLY, 4)))
                .containsExactly("11-21T22:00", "11-15T23:30", "10-31T08:00", "01-01T00:00");
    }

    @Test
    void keepsTheNewestOfEachMonthAndYear() {
        assertThat(kept(counts(KeepPeriod.MONTHLY, 3))).containsExactly("11-21T22:00", "10-31T08:00", "01-01T00:00");
        assertThat(kept(counts(KeepPeriod.YEARLY, 2))).containsExactly("11-21T22:00", "12-31T23:59");
    }

    @Test
    void theOldestStaysWhileACountIsNotUsedUp() {
        List<Instant> day = times("2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z", "2026-11-20T12:00:00Z");
        assertThat(reasons(day, counts(KeepPeriod.DAILY, 2)))
                .containsExactly("12:00 [daily snapshot]", "11:00 []", "10:00 [oldest daily snapshot]");
        assertThat(reasons(day, counts(KeepPeriod.DAILY, 1)))
                .containsExactly("12:00 [daily snapshot]", "11:00 []", "10:00 []");
        assertThat(reasons(day, counts(KeepPeriod.DAILY, KeepPolicy.ALL)))
                .containsExactly("12:00 [daily snapshot]", "11:00 []", "10:00 [oldest daily snapshot]");
    }

    @Test
    void anyRuleThatKeepsASnapshotIsNamed() {
        KeepPolicy policy = new KeepPolicy(
                Map.of(KeepPeriod.LAST, 1, KeepPeriod.MONTHLY, 1),
                Optional.of(KeepDuration.parse("2h")),
                Map.of(KeepPeriod.DAILY, KeepDuration.parse("1d")));
        List<Instant> day = times("2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z", "2026-11-20T12:00:00Z");
        assertThat(reasons(day, policy))
                .containsExactly(
                        "12:00 [within 2h, last snapshot, monthly snapshot, daily within 1d]",
                        "11:00 [within 2h]",
                        "10:00 [oldest daily within 1d]");
    }

    @Test
    void withinEndsBeforeItsVeryMoment() {
        KeepPolicy policy = new KeepPolicy(Map.of(), Optional.of(KeepDuration.parse("1d12h")), Map.of());
        assertThat(kept(policy)).containsExactly("11-21T22:00", "11-20T11:15", "11-20T10:45");
        List<Instant> exact = times("2026-11-20T10:00:00Z", "2026-11-21T22:00:00Z");
        assertThat(reasons(exact, policy)).containsExactly("22:00 [within 1d12h]", "10:00 []");
    }

    @Test
    void snapshotsOfTheFutureDoNotMoveWhatWithinCountsFrom() {
        KeepPolicy policy = new KeepPolicy(Map.of(), Optional.of(KeepDuration.parse("1h")), Map.of());
        List<Instant> times = times("2026-11-22T10:30:00Z", "2026-11-22T11:00:00Z", "2030-01-01T07:00:00Z");
        assertThat(reasons(times, policy))
                .containsExactly("07:00 [within 1h]", "11:00 [within 1h]", "10:30 [within 1h]");
        assertThat(reasons(times("2030-01-01T06:00:00Z", "2031-01-01T07:00:00Z"), policy))
                .containsExactly("07:00 [within 1h]", "06:00 [within 1h]");
    }

    @Test
    void periodsWithinKeepOneOfEach() {
        KeepPolicy policy =
                new KeepPolicy(Map.of(), Optional.empty(), Map.of(KeepPeriod.MONTHLY, KeepDuration.parse("1y")));
        assertThat(kept(policy)).containsExactly("11-21T22:00", "10-31T08:00", "01-01T00:00", "12-31T23:59");
    }

    @Test
    void daysAreThoseOfTheZone() {
        List<Instant> times = times("2026-11-20T14:00:00Z", "2026-11-20T16:00:00Z");
        KeepPolicy daily = counts(KeepPeriod.DAILY, 5);
        assertThat(apply(times, daily, ZoneOffset.UTC))
                .extracting(Kept::reasons)
                .containsExactly(List.of("daily snapshot"), List.of("oldest daily snapshot"));
        assertThat(apply(times, daily, ZoneId.of("Asia/Seoul")))
                .extracting(Kept::reasons)
                .containsExactly(List.of("daily snapshot"), List.of("daily snapshot"));
    }

    @Test
    void aYearOfDaysGivesAsManyAsTheRulesName() {
        List<Instant> year = new ArrayList<>();
        for (int i = 364; i >= 0; i--) {
            year.add(Instant.parse("2026-11-22T03:00:00Z").minusSeconds(86_400L * i));
        }
        KeepPolicy policy = new KeepPolicy(
                Map.of(KeepPeriod.DAILY, 7, KeepPeriod.WEEKLY, 5, KeepPeriod.MONTHLY, 12), Optional.empty(), Map.of());
        List<Kept<Instant>> decided = apply(year, policy, ZoneOffset.UTC);
        assertThat(decided.stream().filter(Kept::stays)).hasSize(7 + 4 + 11);
    }

    @Test
    void nothingIsDecidedOfNothing() {
        assertThat(apply(List.of(), counts(KeepPeriod.LAST, 1), ZoneOffset.UTC)).isEmpty();
        assertThat(counts(KeepPeriod.LAST, 0).isEmpty()).isTrue();
    }

    private static List<Instant> times(String... times) {
        return List.of(times).stream().map(Instant::parse).toList();
    }

    private static KeepPolicy counts(KeepPeriod period, int count) {
        return new KeepPolicy(Map.of(period, count), Optional.empty(), Map.of());
    }

    private static List<Kept<Instant>> apply(List<Instant> times, KeepPolicy policy, ZoneId zone) {
        return policy.apply(times, Function.identity(), zone, NOW);
    }

    private static List<String> kept(KeepPolicy policy) {
        return apply(TIMES, policy, ZoneOffset.UTC).stream()
                .filter(Kept::stays)
                .map(kept -> kept.snapshot().toString().substring(5, 16))
                .toList();
    }

    private static List<String> reasons(List<Instant> times, KeepPolicy policy) {
        return apply(times, policy, ZoneOffset.UTC).stream()
                .map(kept -> kept.snapshot().toString().substring(11, 16) + " " + kept.reasons())
                .toList();
    }
}
