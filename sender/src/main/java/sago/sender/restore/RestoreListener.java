package sago.sender.restore;

import sago.sender.tree.EntryKey;

/** Hears of what a restore could not do as the snapshot says. Called on any of its threads. */
public interface RestoreListener {
    /** The entry is there, or is of no kind that is restored, but something of it is not as in the snapshot. */
    void warning(EntryKey key, String reason);

    /** The entry is not there. */
    void failed(EntryKey key, String reason);
}
