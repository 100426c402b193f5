package sago.common.protocol;

/** The two ends of a connection. */
public enum Peer {
    /** Whoever connects: a sender, a restore, an audit. */
    CLIENT,
    /** Whoever listens. */
    SITE
}
