package sago.sender.node;

import java.time.ZoneId;
import java.util.List;
import sago.sender.retain.KeepPolicy;

/**
 * What shall be forgotten.
 *
 * @param policy decides, unless snapshots are named
 * @param named first digits of snapshots that go; none: the policy decides
 * @param zone whose hours, days, weeks, months and years count
 * @param keepVerified so many of those that stay must be verified
 * @param minimumAgeSeconds what was committed at a site more recently stays; 0: everything is old enough
 * @param perDay snapshots of a dataset that may expire at a site in 24 hours
 */
public record ForgetRules(
        KeepPolicy policy, List<String> named, ZoneId zone, int keepVerified, long minimumAgeSeconds, int perDay) {
    public ForgetRules {
        named = List.copyOf(named);
        if (named.isEmpty() && policy.isEmpty()) {
            throw new IllegalArgumentException("nothing says what stays");
        }
        if (keepVerified < 0 || minimumAgeSeconds < 0 || perDay < 1) {
            throw new IllegalArgumentException(
                    keepVerified + " verified, " + minimumAgeSeconds + " s of age, " + perDay + " a day");
        }
    }
}
