package sago.bench.ladder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files one after another through one buffer, as a sender's worker reads them: pieces of 512 KiB, and regions of a large file end as files do.
 * Confined to one thread.
 */
final class FileFeed implements AutoCloseable {
    private static final int READ_BYTES = 512 << 10;

    private final byte[] buffer;
    private final Iterator<Path> files;
    private final long regionBytes;
    private final List<Stretch> stretches = new ArrayList<>();
    private @Nullable FileChannel open;
    private long regionLeft;
    private int end;
    private boolean continued;

    /**
     * Bytes in the buffer that belong together.
     *
     * @param ends whether the file or region ends with them
     */
    record Stretch(int start, int end, boolean ends) {}

    FileFeed(Iterator<Path> files, int bufferBytes, long regionBytes) {
        this.files = files;
        this.buffer = new byte[bufferBytes];
        this.regionBytes = regionBytes;
    }

    byte[] buffer() {
        return buffer;
    }

    /** What the buffer holds. */
    List<Stretch> stretches() {
        return stretches;
    }

    /**
     * Fills the buffer, as far as there are files.
     *
     * @param rest where the bytes begin that stay, to be followed by more of their file; the end of the buffer's bytes if none do
     * @return false when nothing is left
     */
    boolean fill(int rest) throws IOException {
        System.arraycopy(buffer, rest, buffer, 0, end - rest);
        end -= rest;
        stretches.clear();
        int start = 0;
        while (buffer.length - end >= READ_BYTES && next()) {
            int read = read();
            boolean ends = read < 0 || regionLeft == 0;
            end += Math.max(read, 0);
            if (read < 0) {
                close();
            }
            if (ends && end > start) {
                stretches.add(new Stretch(start, end, true));
                start = end;
            }
            continued = !ends;
        }
        if (end > start) {
            stretches.add(new Stretch(start, end, !continued));
        }
        return !stretches.isEmpty();
    }

    /** Where the bytes of the buffer end. */
    int end() {
        return end;
    }

    private boolean next() throws IOException {
        if (open == null) {
            if (!files.hasNext()) {
                return false;
            }
            open = FileChannel.open(files.next(), StandardOpenOption.READ);
            regionLeft = regionBytes;
        } else if (regionLeft == 0) {
            regionLeft = regionBytes;
        }
        return true;
    }

    private int read() throws IOException {
        if (open == null) {
            throw new IllegalStateException("no file is open");
        }
        int length = (int) Math.min(regionLeft, READ_BYTES);
        int read = open.read(ByteBuffer.wrap(buffer, end, length));
        regionLeft -= Math.max(read, 0);
        return read;
    }

    @Override
    public void close() throws IOException {
        if (open != null) {
            open.close();
            open = null;
        }
    }
}
