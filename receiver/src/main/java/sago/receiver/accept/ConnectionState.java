package sago.receiver.accept;

/** Where a connection is. It only ever goes forward. */
enum ConnectionState {
    /** TCP is there, TLS is not. */
    TLS,
    /** HELLO is awaited, or judged. */
    HELLO,
    /** The client was welcomed and is expected to deliver the site grant, without which nobody can be judged. */
    ENROLLING,
    /** A sender that may OPEN or ATTACH. */
    AUTHENTICATED,
    /** A sender whose connection carries a session. */
    STREAMING,
    /** A restore or an audit. */
    SERVING,
    /** Over; what still arrives is dropped. */
    CLOSED;

    boolean mayBecome(ConnectionState next) {
        return switch (this) {
            case TLS -> next == HELLO || next == CLOSED;
            case HELLO -> next == ENROLLING || isWelcome(next) || next == CLOSED;
            case ENROLLING -> isWelcome(next) || next == CLOSED;
            case AUTHENTICATED -> next == STREAMING || next == CLOSED;
            case STREAMING, SERVING -> next == CLOSED;
            case CLOSED -> false;
        };
    }

    private static boolean isWelcome(ConnectionState next) {
        return next == AUTHENTICATED || next == SERVING;
    }

    /** Whether the peer is still a stranger, whose handshake has a deadline. */
    boolean isHandshake() {
        return this == TLS || this == HELLO || this == ENROLLING;
    }
}
