package sago.sender.cli;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import sago.sender.retain.KeepDuration;
import sago.sender.retain.KeepPeriod;
import sago.sender.retain.KeepPolicy;

/** {@code --keep-…}: what stays, with restic's meaning. */
final class KeepOptions {
    @Option(
            names = "--keep-last",
            paramLabel = "N",
            converter = CountConverter.class,
            description = "Keep the last N snapshots; unlimited or -1: all.")
    private int last;

    @Option(
            names = "--keep-hourly",
            paramLabel = "N",
            converter = CountConverter.class,
            description = "Keep the newest snapshot of each of the last N hours that have one.")
    private int hourly;

    @Option(
            names = "--keep-daily",
            paramLabel = "N",
            converter = CountConverter.class,
            description = "The same of days.")
    private int daily;

    @Option(
            names = "--keep-weekly",
            paramLabel = "N",
            converter = CountConverter.class,
            description = "The same of weeks, which begin on Mondays.")
    private int weekly;

    @Option(
            names = "--keep-monthly",
            paramLabel = "N",
            converter = CountConverter.class,
            description = "The same of months.")
    private int monthly;

    @Option(
            names = "--keep-yearly",
            paramLabel = "N",
            converter = CountConverter.class,
            description = "The same of years.")
    private int yearly;

    @Option(
            names = "--keep-within",
            paramLabel = "DURATION",
            converter = WithinConverter.class,
            description = "Keep what is younger than this before the newest snapshot: 1y5m7d2h.")
    private @Nullable KeepDuration within;

    @Option(
            names = "--keep-within-hourly",
            paramLabel = "DURATION",
            converter = WithinConverter.class,
            description = "Within that, keep the newest snapshot of each hour.")
    private @Nullable KeepDuration withinHourly;

    @Option(
            names = "--keep-within-daily",
            paramLabel = "DURATION",
            converter = WithinConverter.class,
            description = "The same of days.")
    private @Nullable KeepDuration withinDaily;

    @Option(
            names = "--keep-within-weekly",
            paramLabel = "DURATION",
            converter = WithinConverter.class,
            description = "The same of weeks.")
    private @Nullable KeepDuration withinWeekly;

    @Option(
            names = "--keep-within-monthly",
            paramLabel = "DURATION",
            converter = WithinConverter.class,
            description = "The same of months.")
    private @Nullable KeepDuration withinMonthly;

    @Option(
            names = "--keep-within-yearly",
            paramLabel = "DURATION",
            converter = WithinConverter.class,
            description = "The same of years.")
    private @Nullable KeepDuration withinYearly;

    KeepPolicy policy() {
        Map<KeepPeriod, Integer> counts = new EnumMap<>(Map.of(
                KeepPeriod.LAST, last,
                KeepPeriod.HOURLY, hourly,
                KeepPeriod.DAILY, daily,
                KeepPeriod.WEEKLY, weekly,
                KeepPeriod.MONTHLY, monthly,
                KeepPeriod.YEARLY, yearly));
        Map<KeepPeriod, KeepDuration> periodsWithin = new EnumMap<>(KeepPeriod.class);
        put(periodsWithin, KeepPeriod.HOURLY, withinHourly);
        put(periodsWithin, KeepPeriod.DAILY, withinDaily);
        put(periodsWithin, KeepPeriod.WEEKLY, withinWeekly);
        put(periodsWithin, KeepPeriod.MONTHLY, withinMonthly);
        put(periodsWithin, KeepPeriod.YEARLY, withinYearly);
        return new KeepPolicy(counts, Optional.ofNullable(within), periodsWithin);
    }

    private static void put(
            Map<KeepPeriod, KeepDuration> durations, KeepPeriod period, @Nullable KeepDuration duration) {
        if (duration != null) {
            durations.put(period, duration);
        }
    }

    /** A number, {@code unlimited}, or -1 for the same. */
    static final class CountConverter implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            if (value.equals("unlimited") || value.equals("-1")) {
                return KeepPolicy.ALL;
            }
            try {
                int count = Integer.parseInt(value);
                if (count >= 0) {
                    return count;
                }
            } catch (NumberFormatException e) {
                throw refused(value);
            }
            throw refused(value);
        }

        private static TypeConversionException refused(String value) {
            return new TypeConversionException("'" + value + "' is no number of snapshots: write 7 or unlimited");
        }
    }

    /** {@code 1y5m7d2h}. */
    static final class WithinConverter implements ITypeConverter<KeepDuration> {
        @Override
        public KeepDuration convert(String value) {
            try {
                return KeepDuration.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
