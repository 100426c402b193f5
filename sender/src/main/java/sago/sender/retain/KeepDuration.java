package sago.sender.retain;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A length of time in the calendar, written {@code 1y5m7d2h}: years, months, days and hours, each at most once, none of them negative and not all
 * zero. Immutable.
 */
public record KeepDuration(int years, int months, int days, int hours) {
    private static final Pattern WRITTEN =
            Pattern.compile("(?:([0-9]{1,4})y)?(?:([0-9]{1,5})m)?(?:([0-9]{1,6})d)?(?:([0-9]{1,6})h)?");

    public KeepDuration {
        if (years < 0 || months < 0 || days < 0 || hours < 0 || (years | months | days | hours) == 0) {
            throw new IllegalArgumentException(
                    "a duration of " + years + "y" + months + "m" + days + "d" + hours + "h");
        }
    }

    /** IllegalArgumentException with words for a user where the text is no duration. */
    public static KeepDuration parse(String text) {
        Matcher written = WRITTEN.matcher(text);
        if (written.matches()) {
            int[] parts = new int[written.groupCount()];
            int sum = 0;
            for (int i = 0; i < parts.length; i++) {
                String part = written.group(i + 1);
                parts[i] = part == null ? 0 : Integer.parseInt(part);
                sum |= parts[i];
            }
            if (sum != 0) {
                return new KeepDuration(parts[0], parts[1], parts[2], parts[3]);
            }
        }
        throw new IllegalArgumentException(
                "'" + text + "' is no length of time: write years, months, days and hours like 1y5m7d2h");
    }

    /**
     * The moment so long before another. A day that the month does not have is counted on into the next month, as restic does: one month
     * before the 31st of March is the 3rd of March, or the 2nd in a leap year.
     */
    public Instant before(Instant moment, ZoneId zone) {
        ZonedDateTime from = moment.atZone(zone);
        LocalDate day = YearMonth.from(from)
                .minusYears(years)
                .minusMonths(months)
                .atDay(1)
                .plusDays(from.getDayOfMonth() - 1L - days);
        return day.atTime(from.toLocalTime()).atZone(zone).toInstant().minus(hours, ChronoUnit.HOURS);
    }

    @Override
    public String toString() {
        return part(years, "y") + part(months, "m") + part(days, "d") + part(hours, "h");
    }

    private static String part(int number, String unit) {
        return number == 0 ? "" : number + unit;
    }
}
