package sago.sender.source;

import org.jspecify.annotations.Nullable;
import sago.sender.tree.EntryKey;

/** A folder of the walk whose children are being visited. Confined to the walker's thread. */
final class VisitedFolder {
    private final EntryKey key;
    private final long device;
    private final FolderNames names;

    /**
     * @param device the file system to stay on below this folder, if one is to be stayed on
     * @param names what is to be visited in it
     */
    VisitedFolder(EntryKey key, long device, FolderNames names) {
        this.key = key;
        this.device = device;
        this.names = names;
    }

    EntryKey key() {
        return key;
    }

    long device() {
        return device;
    }

    byte @Nullable [] takeName() {
        return names.take();
    }

    int heldBytes() {
        return names.heldBytes();
    }
}
