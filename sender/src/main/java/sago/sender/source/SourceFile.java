package sago.sender.source;

import java.io.IOException;
import java.nio.channels.FileChannel;
import sago.sender.source.posix.FileStatus;
import sago.sender.source.posix.OpenFile;
import sago.sender.tree.Attributes;
import sago.sender.tree.EntryKind;
import sago.sender.tree.Holes;

/** A file or block device of the source, open for reading. Confined to one thread. */
public final class SourceFile implements AutoCloseable {
    private final OpenFile file;
    private final Attributes walked;

    private SourceFile(OpenFile file, Attributes walked) {
        this.file = file;
        this.walked = walked;
    }

    static SourceFile open(SourceEntry entry) throws IOException {
        OpenFile file = OpenFile.of(entry.pathBytes());
        SourceFile opened = new SourceFile(file, entry.entry().attributes());
        try {
            if (EntryKind.ofMode(file.status().mode()) != entry.entry().kind()) {
                throw new IOException("something else has taken its place");
            }
            return opened;
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    /** To read at positions only. It is closed with this. */
    public FileChannel channel() {
        return file.channel();
    }

    /**
     * The holes below this size, as the file system tells them; the smallest of too many are left out, and read as zeros. None where
     * the file system knows no holes, and none of a device.
     */
    public Holes holes(long size) throws IOException {
        return walked.kind() == EntryKind.FILE ? new HoleSearch(file, size).find() : Holes.NONE;
    }

    /** Whether this is still what the walk saw: same inode, size, mtime and ctime. */
    public boolean isAsWalked() throws IOException {
        FileStatus now = file.status();
        return now.inode() == walked.identity().inode()
                && now.device() == walked.identity().device()
                && (walked.kind() != EntryKind.FILE || now.size() == walked.size())
                && walked.modified().equals(StatusAttributes.moment(now.modified()))
                && walked.changed().equals(StatusAttributes.moment(now.changed()));
    }

    /** Bytes that can be read now; of a block device too. */
    public long size() throws IOException {
        return file.size();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
