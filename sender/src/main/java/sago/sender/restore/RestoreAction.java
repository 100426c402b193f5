package sago.sender.restore;

/** What a restore does with one entry, or would do in a dry run. */
public enum RestoreAction {
    /** It was not there. */
    CREATE,
    /** It was there with other bytes, or is something else. */
    UPDATE,
    /** Its bytes are there; owner, mode, time or extended attributes are set where they differ. */
    UNCHANGED,
    /** What is there stays, as asked for. */
    KEEP,
    /** The snapshot does not have it, and it is removed. */
    DELETE
}
