package sago.sender.retain;

import java.time.ZonedDateTime;
import java.time.temporal.IsoFields;

/** What a rule keeps one snapshot of. Weeks are those of ISO 8601, which begin on Mondays. */
public enum KeepPeriod {
    /** Each snapshot is one of its own. */
    LAST("last"),
    HOURLY("hourly"),
    DAILY("daily"),
    WEEKLY("weekly"),
    MONTHLY("monthly"),
    YEARLY("yearly");

    private final String label;

    KeepPeriod(String label) {
        this.label = label;
    }

    /** As reasons and flags name it. */
    public String label() {
        return label;
    }

    /**
     * The number of the hour, day, week, month or year of a time: the same for all times in it.
     *
     * @param place of the snapshot among all
     */
    long number(ZonedDateTime time, int place) {
        long year = time.getYear();
        return switch (this) {
            case LAST -> place;
            case HOURLY -> day(time) * 100 + time.getHour();
            case DAILY -> day(time);
            case WEEKLY -> time.get(IsoFields.WEEK_BASED_YEAR) * 100L + time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
            case MONTHLY -> year * 100 + time.getMonthValue();
            case YEARLY -> year;
        };
    }

    private static long day(ZonedDateTime time) {
        return (time.getYear() * 100L + time.getMonthValue()) * 100 + time.getDayOfMonth();
    }
}
