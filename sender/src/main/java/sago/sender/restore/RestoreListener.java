package sago.sender.restore;

import sago.sender.tree.EntryKey;

/** Hears of what a restore does, and of what it could not do as the snapshot says. Called on any of its threads. */
public interface RestoreListener {
    /** The entry is there, or is of no kind that can be restored, but something of it is not as in the snapshot. */
    void warning(EntryKey key, String reason);

    /** The entry is not there. */
    void failed(EntryKey key, String reason);

    /** What was done, or in a dry run would be. Told of everything but folders that were there; of a removed folder once, not of what was in it. */
    default void action(RestoreAction action, EntryKey key) {}
}
