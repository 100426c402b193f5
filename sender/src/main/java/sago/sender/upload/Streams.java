package sago.sender.upload;

import sago.common.limits.Limits;

/**
 * How many connections a session has to its site.
 *
 * @param number from the beginning; 0 where {@code auto}
 * @param auto as many as pay: {@link StreamTuner}
 */
public record Streams(int number, boolean auto) {
    /** Found out while the session runs. */
    public static final Streams AUTO = new Streams(0, true);

    public Streams {
        if (auto ? number != 0 : number < 1 || number > Limits.CONNECTIONS_PER_SESSION_MAX) {
            throw new IllegalArgumentException("connections: " + number);
        }
    }

    /** So many, whatever happens. */
    public static Streams of(int number) {
        return new Streams(number, false);
    }
}
