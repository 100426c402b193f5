package sago.common.fault;

/**
 * Every kind of fault, with its wire code (stable for ever), the exit code of a command that ends with it, and advice.
 * Exit codes are those of docs/OPERATIONS.md.
 */
public enum Fault {
    /** Anything that has no code of its own. */
    FATAL(1, 1, Advice.STOP),
    /** Flags, arguments or configuration are wrong. */
    USAGE(2, 2, Advice.STOP),
    /** Some source files could not be read; the rest is complete. */
    SOURCE_UNREADABLE(3, 3, Advice.STOP),
    /** The site cannot be reached now. */
    SITE_UNREACHABLE(5, 5, Advice.BACK_OFF),
    /** The home folder has no vault (or there is no home at all). */
    NO_VAULT(10, 10, Advice.STOP),
    /** Another process or session holds the folder or the dataset. */
    LOCKED(11, 11, Advice.BACK_OFF),
    /** A passphrase, kit word or key does not open what it should. */
    WRONG_KEY(12, 12, Advice.STOP),
    /** The peer refused us, or we refuse the peer: identity, role or TLS. */
    PEER_REFUSED(13, 13, Advice.STOP),
    /** The site has no room; it grants no credit until it has. */
    SITE_FULL(14, 14, Advice.BACK_OFF),
    /** Stored or received bytes are not what was signed, sealed or hashed. */
    INTEGRITY(15, 15, Advice.STOP),
    /** The policy does not allow this data class at this site. */
    POLICY(17, 17, Advice.STOP),
    /** No such snapshot or path. */
    NOT_FOUND(18, 18, Advice.STOP),
    /** The home disk has no room. */
    HOME_FULL(19, 19, Advice.BACK_OFF),
    /** Stopped by a signal or a deadline; what is durable stays; run again to go on. */
    INTERRUPTED(20, 20, Advice.BACK_OFF),
    /** A frame or message breaks the protocol. */
    PROTOCOL(30, 13, Advice.STOP),
    /** No common protocol or format version. */
    VERSION(31, 13, Advice.STOP),
    /** A message names a session that the site does not know (any more): open it again. */
    NO_SESSION(32, 1, Advice.RESEND),
    /** A deadline of the protocol passed: handshake or minimum progress. */
    TIMEOUT(33, 5, Advice.BACK_OFF),
    /** The connection ended. */
    CONNECTION_LOST(34, 5, Advice.RESEND),
    /** A bound of {@code Limits} was exceeded. */
    LIMIT(35, 1, Advice.STOP),
    /** Writing, forcing or reading a local disk failed. */
    DISK(36, 1, Advice.STOP);

    private final int code;
    private final int exitCode;
    private final Advice advice;

    Fault(int code, int exitCode, Advice advice) {
        this.code = code;
        this.exitCode = exitCode;
        this.advice = advice;
    }

    /** Stable code on the wire. */
    public int code() {
        return code;
    }

    /** Exit code of a command that ends with this fault. */
    public int exitCode() {
        return exitCode;
    }

    public Advice advice() {
        return advice;
    }

    /** The fault that an exit code stands for first; FATAL for a code that none has. */
    public static Fault ofExitCode(int exitCode) {
        for (Fault fault : values()) {
            if (fault.exitCode == exitCode) {
                return fault;
            }
        }
        return FATAL;
    }

    /** The fault of a wire code; FATAL for a code that this version does not know. */
    public static Fault ofCode(int code) {
        for (Fault fault : values()) {
            if (fault.code == code) {
                return fault;
            }
        }
        return FATAL;
    }
}
