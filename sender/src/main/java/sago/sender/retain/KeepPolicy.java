package sago.sender.retain;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which snapshots of a dataset stay, with restic's meaning: a snapshot stays if any rule keeps it. Snapshots are taken newest first.
 *
 * <ul>
 *   <li>A count keeps the newest snapshot of each of so many periods that have one; {@link #ALL}: of every period. While a count is not used
 *       up the oldest snapshot of all stays too, so that history is as long as it can be.
 *   <li>A duration keeps what is younger than that before the newest snapshot that does not lie in the future: every snapshot, or the newest
 *       of each period and the oldest of all.
 * </ul>
 *
 * Immutable.
 */
public final class KeepPolicy {
    /** A count without end. */
    public static final int ALL = -1;

    private final Map<KeepPeriod, Integer> counts;
    private final Optional<KeepDuration> within;
    private final Map<KeepPeriod, KeepDuration> periodsWithin;

    /**
     * A policy of these rules.
     *
     * @param counts how many of each period; 0 is no rule
     * @param within everything so long before the newest
     * @param periodsWithin one of each period so long before the newest
     */
    public KeepPolicy(
            Map<KeepPeriod, Integer> counts,
            Optional<KeepDuration> within,
            Map<KeepPeriod, KeepDuration> periodsWithin) {
        this.counts = new EnumMap<>(KeepPeriod.class);
        counts.forEach((period, count) -> {
            if (count < ALL) {
                throw new IllegalArgumentException("keep " + count + " " + period.label());
            }
            if (count != 0) {
                this.counts.put(period, count);
            }
        });
        this.within = within;
        this.periodsWithin = new EnumMap<>(KeepPeriod.class);
        this.periodsWithin.putAll(periodsWithin);
    }

    /** Whether there is no rule at all: it would keep nothing. */
    public boolean isEmpty() {
        return counts.isEmpty() && within.isEmpty() && periodsWithin.isEmpty();
    }

    /**
     * What stays and what goes, newest first; of equal times the last one given counts as newest.
     *
     * @param snapshots oldest first
     * @param time when a snapshot was taken
     * @param zone of which hours, days, weeks, months and years are
     */
    public <T> List<Kept<T>> apply(List<T> snapshots, Function<T, Instant> time, ZoneId zone, Instant now) {
        List<T> newestFirst = new ArrayList<>(snapshots);
        Collections.reverse(newestFirst);
        newestFirst.sort(Comparator.comparing(time).reversed());
        Optional<Instant> newest =
                newestFirst.stream().map(time).filter(at -> at.isBefore(now)).findFirst();
        List<Rule> rules = rules(zone, newest);
        List<Kept<T>> decided = new ArrayList<>();
        for (int place = 0; place < newestFirst.size(); place++) {
            T snapshot = newestFirst.get(place);
            Candidate candidate = new Candidate(time.apply(snapshot), zone, place, place == newestFirst.size() - 1);
            List<String> reasons = new ArrayList<>();
            for (Rule rule : rules) {
                rule.reason(candidate).ifPresent(reasons::add);
            }
            decided.add(new Kept<>(snapshot, reasons));
        }
        return decided;
    }

    private List<Rule> rules(ZoneId zone, Optional<Instant> newest) {
        List<Rule> rules = new ArrayList<>();
        within.ifPresent(duration -> {
            Instant after = after(duration, zone, newest);
            rules.add(
                    candidate -> candidate.time.isAfter(after) ? Optional.of("within " + duration) : Optional.empty());
        });
        counts.forEach((period, count) -> rules.add(new Counted(period, count)));
        periodsWithin.forEach(
                (period, duration) -> rules.add(new Within(period, duration, after(duration, zone, newest))));
        return rules;
    }

    /** If every snapshot lies in the future, all are young enough. */
    private static Instant after(KeepDuration duration, ZoneId zone, Optional<Instant> newest) {
        return newest.map(at -> duration.before(at, zone)).orElse(Instant.MIN);
    }

    private record Candidate(Instant time, ZoneId zone, int place, boolean oldest) {
        long number(KeepPeriod period) {
            return period.number(ZonedDateTime.ofInstant(time, zone), place);
        }
    }

    /** Is asked of each snapshot once, newest first. */
    private interface Rule {
        Optional<String> reason(Candidate candidate);
    }

    private static final class Counted implements Rule {
        private final KeepPeriod period;
        private int left;
        private long last = -1;

        Counted(KeepPeriod period, int count) {
            this.period = period;
            this.left = count;
        }

        @Override
        public Optional<String> reason(Candidate candidate) {
            long number = candidate.number(period);
            if (left == 0 || (number == last && !candidate.oldest)) {
                return Optional.empty();
            }
            String prefix = number == last ? "oldest " : "";
            last = number;
            left = left == ALL ? ALL : left - 1;
            return Optional.of(prefix + period.label() + " snapshot");
        }
    }

    private static final class Within implements Rule {
        private final KeepPeriod period;
        private final KeepDuration duration;
        private final Instant after;
        private long last = -1;

        Within(KeepPeriod period, KeepDuration duration, Instant after) {
            this.period = period;
            this.duration = duration;
            this.after = after;
        }

        @Override
        public Optional<String> reason(Candidate candidate) {
            long number = candidate.number(period);
            if (!candidate.time.isAfter(after) || (number == last && !candidate.oldest)) {
                return Optional.empty();
            }
            String prefix = number == last ? "oldest " : "";
            last = number;
            return Optional.of(prefix + period.label() + " within " + duration);
        }
    }
}
