package sago.sender.tree;

/**
 * A point in time as file systems store it.
 *
 * @param seconds since the epoch, may be negative
 * @param nanos 0 to 999,999,999, added to the seconds
 */
public record Moment(long seconds, int nanos) {
    public static final int NANOS_PER_SECOND = 1_000_000_000;

    public Moment {
        if (nanos < 0 || nanos >= NANOS_PER_SECOND) {
            throw new IllegalArgumentException("nanoseconds of a moment: " + nanos);
        }
    }

    /** Whether this lies at least so many seconds before the given wall time. */
    boolean isBefore(long wallMs, int seconds) {
        return this.seconds + seconds < Math.floorDiv(wallMs, 1000L);
    }
}
