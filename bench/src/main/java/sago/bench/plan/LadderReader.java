package sago.bench.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sago.bench.result.BenchResult;
import sago.bench.result.Fields;

/** Makes a model of a host from a ladder, and says what the ladder does not tell. */
final class LadderReader {
    /** Below it the start of two JVMs outweighs the work. */
    private static final double BYTES_MIN = 1e9;

    /** Steps that cost by the entry, not by the byte. */
    private static final Set<String> BY_ENTRY = Set.of("walk", "tree");

    /** Steps of a byte that is found stored. */
    private static final Set<String> OF_KNOWN = Set.of("read", "chunk", "id", "chunk_id", "index");

    /** Fewer entries than these cost less than a clock can tell: what such steps took was the work of a few large files. */
    private static final double ENTRIES_MIN = 1000;

    private final BenchResult ladder;
    private final String data;
    private final Map<String, Object> figures;
    private final List<String> sources = new ArrayList<>();

    /** @param like the data set that is like the user's, or null for {@code tree} or else the first */
    LadderReader(BenchResult ladder, @Nullable String like) {
        if (!ladder.kind().equals("ladder")) {
            throw new IllegalArgumentException(
                    "--ladder needs a result of kind ladder, this one is of kind " + ladder.kind());
        }
        this.ladder = ladder;
        Set<String> known = ladder.summary().keySet();
        if (known.isEmpty()) {
            throw new IllegalArgumentException("the ladder has no data: its summary is empty");
        }
        if (like != null && !known.contains(like)) {
            throw new IllegalArgumentException("--like " + like + ": the ladder knows " + String.join(", ", known));
        }
        this.data = like != null
                ? like
                : known.stream()
                        .filter(name -> name.startsWith("tree"))
                        .findFirst()
                        .orElseGet(() -> known.iterator().next());
        this.figures = Fields.object(ladder.summary(), data);
    }

    HostModel read() {
        Map<String, Range> steps = steps();
        Range home = Range.ZERO;
        Range site = Range.ZERO;
        Range entries = Range.ZERO;
        for (Map.Entry<String, Range> step : steps.entrySet()) {
            Step where = Step.of(step.getKey()).orElseThrow();
            if (BY_ENTRY.contains(step.getKey())) {
                entries = entries.plus(step.getValue());
                continue;
            }
            home = home.plus(step.getValue().times(where.home()));
            site = site.plus(step.getValue().times(where.site()));
        }
        sources.add("Steps: ladder of " + ladder.time() + " on " + Fields.text(ladder.machine(), "processor")
                + ", data '" + data + "'.");
        if (bytes().orElse(Double.MAX_VALUE) < BYTES_MIN) {
            sources.add(
                    "The ladder's data are less than 1 GB: compilers at work in its whole run make every byte look dear; measure with 4 GB.");
        }
        Range factor = lossFactor(home.mid() + site.mid() + entries.mid());
        Range start = start();
        OptionalDouble entriesPerGb = entriesPerGb();
        boolean told = entries.mid() > 0 && entriesPerGb.isPresent();
        if (!told) {
            home = home.plus(entries);
        }
        RunCost full = new RunCost(
                start,
                home.times(factor).atLeast(Assumed.SPREAD_MIN),
                site.times(factor).atLeast(Assumed.SPREAD_MIN),
                told ? newEntry(entries.times(factor).times(1 / entriesPerGb.getAsDouble())) : Assumed.NEW_ENTRY_S,
                Scaling.ASSUMED);
        sources.add("Assumed, not in a ladder: cost of each " + (told ? "unchanged or restored " : "")
                + "entry (--data measures it), how well cores add up, restore from the steps of a backup.");
        return new HostModel(
                data,
                steps,
                full,
                known(steps, factor, start),
                0,
                Assumed.START_S.min(start),
                restore(steps, factor, start),
                Assumed.WALK_ENTRY_S,
                storedShare(),
                sources);
    }

    /** Reading and naming chunks, and looking them up; nothing goes to the site. */
    private static RunCost known(Map<String, Range> steps, Range factor, Range start) {
        Range home = Range.ZERO;
        for (Map.Entry<String, Range> step : steps.entrySet()) {
            if (OF_KNOWN.contains(step.getKey())) {
                home = home.plus(step.getValue());
            }
        }
        return new RunCost(
                start, home.times(factor).atLeast(Assumed.SPREAD_MIN), Range.ZERO, Range.ZERO, Scaling.ASSUMED);
    }

    /** Of the ladder's data; empty if there are too few to tell what one costs. */
    private OptionalDouble entriesPerGb() {
        OptionalDouble entries = ofData("entries");
        OptionalDouble bytes = bytes();
        return entries.isEmpty() || entries.getAsDouble() < ENTRIES_MIN || bytes.orElse(0) <= 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(entries.getAsDouble() / (bytes.getAsDouble() / 1e9));
    }

    private Range newEntry(Range measured) {
        Range entry = measured.atLeast(Assumed.SPREAD_MIN);
        sources.add(String.format(
                Locale.ROOT,
                "A new entry: %.0f core-µs, walk and tree of the ladder; opening its file is in read: take data with as many files per GB (--like).",
                entry.mid() * 1e6));
        return entry;
    }

    private Map<String, Range> steps() {
        Map<String, Range> steps = new LinkedHashMap<>();
        for (String name : figures.keySet()) {
            OptionalDouble cost = Fields.number(figures, name);
            if (Step.of(name).isEmpty() || cost.isEmpty()) {
                continue;
            }
            if (cost.getAsDouble() < 0) {
                throw new IllegalArgumentException(
                        "the ladder's step '" + name + "' costs less than nothing: " + cost.getAsDouble());
            }
            double[] samples = ladder.samples().stream()
                    .filter(sample -> data.equals(sample.get("data")) && name.equals(sample.get("step")))
                    .flatMapToDouble(sample -> Fields.number(sample, "core_s_per_gb").stream())
                    .toArray();
            steps.put(name, samples.length > 0 ? Range.of(samples) : Range.exactly(cost.getAsDouble()));
        }
        if (steps.values().stream().allMatch(step -> step.mid() == 0)) {
            throw new IllegalArgumentException(
                    "the ladder has no steps for '" + data + "': it cannot tell what a byte costs");
        }
        return steps;
    }

    /** What the whole system costs for each core-second of its steps. */
    private Range lossFactor(double sum) {
        OptionalDouble whole = Fields.number(figures, "whole_without_start");
        if (whole.isEmpty() || whole.getAsDouble() <= 0) {
            sources.add("Assumed: the whole system costs " + Assumed.LOSS_FACTOR.mid()
                    + " times the sum of its steps; the ladder has no whole run.");
            return Assumed.LOSS_FACTOR;
        }
        double factor = whole.getAsDouble() / sum;
        sources.add(String.format(
                Locale.ROOT, "Whole system: %.2f times the sum of its steps (%.2f core-s per GB).", factor, sum));
        return Range.exactly(factor);
    }

    /** Both ends start and compile for as many core-seconds as a run with the start costs more than one without. */
    private Range start() {
        OptionalDouble whole = Fields.number(figures, "whole");
        OptionalDouble without = Fields.number(figures, "whole_without_start");
        OptionalDouble bytes = bytes();
        if (whole.isEmpty() || without.isEmpty() || bytes.isEmpty() || whole.getAsDouble() <= without.getAsDouble()) {
            return Assumed.START_S;
        }
        double coreS = (whole.getAsDouble() - without.getAsDouble()) * bytes.getAsDouble() / 1e9;
        double cores = Math.max(1, Fields.number(ladder.machine(), "processors").orElse(1));
        double mid = coreS / cores;
        return new Range(mid / 2, mid, Math.max(mid, Math.min(coreS, mid * 2)));
    }

    private OptionalDouble bytes() {
        return ofData("bytes");
    }

    private OptionalDouble ofData(String field) {
        return ladder.data().stream()
                .filter(set -> data.equals(set.get("name")))
                .flatMapToDouble(set -> Fields.number(set, field).stream())
                .findFirst();
    }

    private Range storedShare() {
        OptionalDouble share = Fields.number(figures, "stored_share");
        if (share.isPresent() && share.getAsDouble() > 0) {
            return Range.exactly(share.getAsDouble()).atLeast(0.03);
        }
        sources.add("Assumed: " + Assumed.STORED_SHARE.low() + " to " + Assumed.STORED_SHARE.high()
                + " bytes stored for each byte of plaintext; --stored-share says better.");
        return Assumed.STORED_SHARE;
    }

    /** The site reads and sends; home receives, checks, opens, unpacks at a quarter of the cost of packing, hashes and writes. What an entry costs is assumed. */
    private static RunCost restore(Map<String, Range> steps, Range factor, Range start) {
        Range home = Range.ZERO;
        Range site = Range.ZERO;
        for (Map.Entry<String, Range> step : steps.entrySet()) {
            String name = step.getKey();
            Range cost = step.getValue();
            if (name.equals("read")) {
                site = site.plus(cost);
            } else if (Step.of(name).orElseThrow() == Step.BOTH) {
                home = home.plus(cost.times(0.5));
                site = site.plus(cost.times(0.5));
            } else if (name.startsWith("compress")) {
                home = home.plus(cost.times(0.25));
            } else if (!name.equals("chunk") && !name.contains("hash") && !BY_ENTRY.contains(name)) {
                home = home.plus(cost);
            }
        }
        Range wide = factor.times(Assumed.RESTORE_FACTOR);
        return new RunCost(start, home.times(wide), site.times(wide), Assumed.RESTORED_ENTRY_S, Scaling.ASSUMED);
    }
}
