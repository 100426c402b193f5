package sago.sender.restore;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import sago.sender.source.posix.FileStatus;
import sago.sender.source.posix.OpenFolder;
import sago.sender.source.posix.OpenNode;
import sago.sender.source.posix.Posix;

/**
 * Removes a name with all that is below. Follows no link and does not go into another file system. What lies very deep is moved up first,
 * so that few folders are open at a time. Confined to one thread.
 */
final class FolderRemoval {
    private static final int DEPTH_MAX = 64;
    private static final int OWNER_ALL = 0700;

    private final OpenFolder parent;
    private final Posix posix;
    private final Supplier<byte[]> unusedNames;
    private final Deque<byte[]> movedUp = new ArrayDeque<>();

    FolderRemoval(OpenFolder parent, Posix posix, Supplier<byte[]> unusedNames) {
        this.parent = parent;
        this.posix = posix;
        this.unusedNames = unusedNames;
    }

    /** Removes what has this name in the folder. */
    void remove(byte[] name) throws IOException {
        long device = parent.status().device();
        remove(parent, name, device, 0);
        for (byte[] deep = movedUp.poll(); deep != null; deep = movedUp.poll()) {
            remove(parent, deep, device, 0);
        }
    }

    private void remove(OpenFolder in, byte[] name, long device, int depth) throws IOException {
        try {
            in.remove(name);
        } catch (DirectoryNotEmptyException e) {
            if (depth == DEPTH_MAX) {
                byte[] up = unusedNames.get();
                in.move(name, parent, up);
                movedUp.add(up);
                return;
            }
            empty(in, name, device, depth);
            in.removeFolder(name);
        }
    }

    private void empty(OpenFolder in, byte[] name, long device, int depth) throws IOException {
        try (OpenFolder folder = in.folder(name)) {
            FileStatus status = folder.status();
            if (status.device() != device) {
                throw new IOException("another file system is mounted in it");
            }
            if (status.uid() == posix.uid() && (status.mode() & OWNER_ALL) != OWNER_ALL) {
                try (OpenNode self = folder.self()) {
                    self.setMode((status.mode() | OWNER_ALL) & 07777);
                }
            }
            folder.list(below -> remove(folder, below, device, depth + 1));
        }
    }
}
