package sago.sender.upload;

import sago.common.cli.Units;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/**
 * Something that a backup waits for, and that passes without its doing. Nothing is lost meanwhile. Immutable.
 *
 * @param forNs how long it has lasted
 * @param reason in a few words, for example {@code connection refused}; may be empty
 */
public record Waiting(Kind kind, long forNs, String reason) {
    public enum Kind {
        /** The site does not answer. */
        SITE_AWAY,
        /** The site has no room. */
        SITE_FULL,
        /** The disk of the home folder has no room. */
        HOME_FULL
    }

    /** A site that this fault keeps away. */
    public static Waiting away(long forNs, FaultException why) {
        return new Waiting(Kind.SITE_AWAY, forNs, Faults.reason(why));
    }

    /** For the person in front. */
    public String text(String site) {
        return switch (kind) {
            case SITE_AWAY -> site + " away for " + Units.duration(forNs) + why() + ", trying again";
            case SITE_FULL -> site + " is full: waiting for room";
            case HOME_FULL -> "home disk is full: waiting for room";
        };
    }

    /** The same in two or three words. */
    public String what(String site) {
        return switch (kind) {
            case SITE_AWAY -> site + " away";
            case SITE_FULL -> site + " full";
            case HOME_FULL -> "home disk full";
        };
    }

    /** The end of a run that may not wait any longer. */
    public FaultException gaveUp() {
        String what = switch (kind) {
            case SITE_AWAY -> "the site is away" + why();
            case SITE_FULL -> "the site is full";
            case HOME_FULL -> "the home disk is full" + why();
        };
        return new FaultException(Fault.INTERRUPTED, "gave up after " + Units.duration(forNs) + ": " + what);
    }

    private String why() {
        return reason.isEmpty() ? "" : " (" + reason + ")";
    }
}
