package sago.sender.restore;

/** What happens to what stands in the target already where the snapshot has something, too. Folders are always used as they are. */
public enum Overwrite {
    /** The bytes are compared, and what differs is written. */
    ALWAYS,
    /** As always, but a file of the same size and time counts as equal without being read. */
    IF_CHANGED,
    /** As always, but only where what the snapshot has is newer. */
    IF_NEWER,
    /** It stays. */
    NEVER
}
