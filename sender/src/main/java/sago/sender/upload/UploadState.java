package sago.sender.upload;

/** Where an upload session is. Immutable. */
public enum UploadState {
    /** The first connection is being made; a failure ends the session at once. */
    OPENING,
    /** At least one connection carries slices. */
    STREAMING,
    /** No connection is left: trying again with backoff. */
    RECONNECTING,
    /** A manifest was sent and its answer is awaited. */
    COMMITTING,
    /** Closed in order. */
    DONE,
    /** Ended by a fault. */
    FAILED;

    boolean mayBecome(UploadState next) {
        return switch (this) {
            case OPENING -> next == STREAMING || next == DONE || next == FAILED;
            case STREAMING -> next == RECONNECTING || next == COMMITTING || next == DONE || next == FAILED;
            case RECONNECTING -> next == STREAMING || next == COMMITTING || next == DONE || next == FAILED;
            case COMMITTING -> next == STREAMING || next == RECONNECTING || next == DONE || next == FAILED;
            case DONE, FAILED -> false;
        };
    }

    boolean isEnd() {
        return this == DONE || this == FAILED;
    }
}
