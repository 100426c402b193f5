package sago.sender.upload;

import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many bytes per second may go out: one rate, or a timetable of the day or the week, written as rclone's: {@code 50M},
 * {@code off}, {@code 08:00,10M 19:00,off}, {@code Mon-08:00,1M Sat-00:00,off}. Letters are powers of 1,024, and a number without a
 * letter counts KiB. Immutable.
 */
public final class RateLimit {
    /** No limit. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    public static final RateLimit OFF = new RateLimit("off", List.of(new Slot(0, UNLIMITED)));

    /** More text than a timetable with an entry for every half hour of a week needs. */
    public static final int TEXT_CHARS_MAX = 8192;

    /** Below, a single slice would take longer than a person watches. */
    private static final long RATE_MIN = 1024;

    private static final long RATE_MAX = 1L << 50;
    private static final int DAY_MINUTES = 24 * 60;
    private static final int WEEK_DAYS = 7;
    private static final String UNITS = "BKMGT";
    private static final Pattern RATE = Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,6})?)([BKMGT]?)");
    private static final Pattern ENTRY = Pattern.compile("(?:([A-Za-z]{3})-)?([01][0-9]|2[0-3]):([0-5][0-9]),(\\S+)");
    private static final String HOW = "write 50M, off, or a timetable as 08:00,10M 19:00,off";

    private final String text;
    private final List<Slot> slots;

    private RateLimit(String text, List<Slot> slots) {
        this.text = text;
        this.slots = List.copyOf(slots);
    }

    /** From this minute of the week on. */
    private record Slot(int minute, long bytesPerSecond) {}

    /** @throws IllegalArgumentException where it is none, with a message for the user */
    public static RateLimit parse(String written) {
        String text = written.strip();
        if (text.length() > TEXT_CHARS_MAX) {
            throw new IllegalArgumentException("a timetable has at most " + TEXT_CHARS_MAX + " characters");
        }
        if (text.indexOf(',') < 0) {
            return new RateLimit(text, List.of(new Slot(0, rate(text))));
        }
        List<Slot> slots = new ArrayList<>();
        for (String entry : text.split("\\s+", -1)) {
            addEntry(entry, slots);
        }
        slots.sort(Comparator.comparingInt(Slot::minute));
        Set<Integer> minutes = new HashSet<>();
        for (Slot slot : slots) {
            if (!minutes.add(slot.minute)) {
                throw new IllegalArgumentException("'" + text + "' names the same time twice");
            }
        }
        return new RateLimit(text, slots);
    }

    private static void addEntry(String entry, List<Slot> slots) {
        Matcher written = ENTRY.matcher(entry);
        if (!written.matches()) {
            throw new IllegalArgumentException("'" + entry + "' is no entry of a timetable: " + HOW);
        }
        int minute = Integer.parseInt(written.group(2)) * 60 + Integer.parseInt(written.group(3));
        long rate = rate(written.group(4));
        String day = written.group(1);
        if (day != null) {
            slots.add(new Slot(day(day) * DAY_MINUTES + minute, rate));
            return;
        }
        for (int i = 0; i < WEEK_DAYS; i++) {
            slots.add(new Slot(i * DAY_MINUTES + minute, rate));
        }
    }

    private static int day(String written) {
        for (DayOfWeek day : DayOfWeek.values()) {
            if (day.name().startsWith(written.toUpperCase(Locale.ROOT))) {
                return day.getValue() - 1;
            }
        }
        throw new IllegalArgumentException("'" + written + "' is no day: write Mon, Tue, Wed, Thu, Fri, Sat or Sun");
    }

    private static long rate(String written) {
        String upper = written.toUpperCase(Locale.ROOT);
        if (upper.equals("OFF")) {
            return UNLIMITED;
        }
        Matcher rate = RATE.matcher(upper);
        if (!rate.matches()) {
            throw new IllegalArgumentException("'" + written + "' is no rate: " + HOW);
        }
        String unit = rate.group(2).isEmpty() ? "K" : rate.group(2);
        BigDecimal bytes = new BigDecimal(rate.group(1)).multiply(BigDecimal.valueOf(1L << (10 * UNITS.indexOf(unit))));
        if (bytes.compareTo(BigDecimal.valueOf(RATE_MIN)) < 0 || bytes.compareTo(BigDecimal.valueOf(RATE_MAX)) > 0) {
            throw new IllegalArgumentException(
                    "'" + written + "' is no rate that can be kept: at least 1K a second, or off");
        }
        return bytes.longValue();
    }

    /** What may go out per second at this local time: that of the last entry before it, through the weeks. */
    public long bytesPerSecond(LocalDateTime now) {
        int minute = (now.getDayOfWeek().getValue() - 1) * DAY_MINUTES + now.getHour() * 60 + now.getMinute();
        long rate = slots.get(slots.size() - 1).bytesPerSecond;
        for (Slot slot : slots) {
            if (slot.minute > minute) {
                break;
            }
            rate = slot.bytesPerSecond;
        }
        return rate;
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RateLimit limit && text.equals(limit.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }
}
