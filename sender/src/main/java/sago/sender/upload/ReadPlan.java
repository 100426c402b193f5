package sago.sender.upload;

import java.security.SecureRandom;
import sago.common.limits.Limits;

/**
 * How a restore or audit goes about it.
 *
 * @param connections to the site, made as they are needed
 * @param attempts of one request before its fault is told; lost connections are made again in between, with growing waits
 * @param random of the jitter of those waits
 */
public record ReadPlan(int connections, int attempts, SecureRandom random) {
    public static final int CONNECTIONS_DEFAULT = 4;

    /** Ten attempts are spread over about 40 seconds: a site that restarts is back by then. */
    public static final int ATTEMPTS_DEFAULT = 10;

    public ReadPlan {
        if (connections < 1 || connections > Limits.CONNECTIONS_PER_SESSION_MAX || attempts < 1) {
            throw new IllegalArgumentException(connections + " connections, " + attempts + " attempts");
        }
    }

    /** The usual number of connections and attempts. */
    public static ReadPlan of(SecureRandom random) {
        return new ReadPlan(CONNECTIONS_DEFAULT, ATTEMPTS_DEFAULT, random);
    }
}
