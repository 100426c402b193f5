package sago.sender.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.sender.source.posix.OpenFile;
import sago.sender.source.posix.PosixReader;

/** Looks for files whose presence says that a folder's contents are not to be backed up. Confined to the walker's thread. */
final class FolderTags {
    private final List<ExcludeTag> tags;
    private final PosixReader files;

    FolderTags(List<ExcludeTag> tags, PosixReader files) {
        this.tags = tags;
        this.files = files;
    }

    /**
     * The name of all that is to be kept of this folder's contents: of the one tag in it, or empty if there are several, each of which
     * excludes the others. Null if there is none.
     */
    byte @Nullable [] tagIn(byte[] folder) {
        byte[] found = null;
        for (ExcludeTag tag : tags) {
            if (isIn(folder, tag)) {
                found = found == null || Arrays.equals(found, tag.name()) ? tag.name() : new byte[0];
            }
        }
        return found;
    }

    /** A tag that cannot be read says nothing: rather too much is kept than too little. */
    private boolean isIn(byte[] folder, ExcludeTag tag) {
        byte[] path = Arrays.copyOf(folder, folder.length + 1 + tag.name().length);
        path[folder.length] = '/';
        System.arraycopy(tag.name(), 0, path, folder.length + 1, tag.name().length);
        try {
            files.status(path);
            return tag.header().length == 0 || beginsWith(path, tag.header());
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean beginsWith(byte[] path, byte[] header) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(header.length);
        try (OpenFile file = OpenFile.of(path);
                FileChannel channel = file.channel()) {
            int read = 0;
            while (head.hasRemaining() && read >= 0) {
                read = channel.read(head);
            }
        }
        return Arrays.equals(head.array(), header);
    }
}
