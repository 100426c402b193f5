package sago.sender.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.durable.DiskFile;
import sago.common.durable.DurableFiles;
import sago.common.durable.NoSpace;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/**
 * The files of one index in its folder:
 *
 * <pre>
 * FIRST-LAST.segment    rows of the logs from FIRST to LAST, 16 hexadecimal digits each
 * NUMBER.log            rows that are in no segment yet
 * *.damaged             set aside, for whoever wants to look
 * </pre>
 *
 * The names say what counts, so nothing else has to: a file whose logs a valid segment holds is superseded. Immutable.
 */
final class SegmentFiles {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentFiles.class);
    private static final String SEGMENT_SUFFIX = ".segment";
    private static final String LOG_SUFFIX = ".log";
    private static final String DAMAGED_SUFFIX = ".damaged";
    private static final Pattern SEGMENT_NAME = Pattern.compile("([0-7][0-9a-f]{15})-([0-7][0-9a-f]{15})\\.segment");
    private static final Pattern LOG_NAME = Pattern.compile("([0-7][0-9a-f]{15})\\.log");
    private static final int HEX = 16;

    private final DurableFiles files;
    private final Path folder;

    SegmentFiles(DurableFiles files, Path folder) {
        this.files = files;
        this.folder = folder;
    }

    DurableFiles files() {
        return files;
    }

    Path folder() {
        return folder;
    }

    Path segment(LogRange logs) {
        return folder.resolve(String.format("%016x-%016x", logs.first(), logs.last()) + SEGMENT_SUFFIX);
    }

    Path log(long number) {
        return folder.resolve(String.format("%016x", number) + LOG_SUFFIX);
    }

    /** Every segment that can be opened; those that are damaged are set aside. The caller closes them. */
    List<Segment> openSegments() throws IOException {
        List<Segment> segments = new ArrayList<>();
        for (String name : files.list(folder)) {
            if (SEGMENT_NAME.matcher(name).matches()) {
                Segment segment = open(folder.resolve(name));
                if (segment == null) {
                    setAside(folder.resolve(name));
                } else {
                    segments.add(segment);
                }
            }
        }
        return segments;
    }

    /** A number above that of every log that there is or was. */
    long nextLog() throws IOException {
        long next = 0;
        for (String name : files.list(folder)) {
            Matcher segment = SEGMENT_NAME.matcher(name);
            Matcher log = LOG_NAME.matcher(name);
            if (segment.matches()) {
                next = Math.max(next, Long.parseLong(segment.group(2), HEX) + 1);
            } else if (log.matches()) {
                next = Math.max(next, Long.parseLong(log.group(1), HEX) + 1);
            }
        }
        return next;
    }

    /** Numbers of all logs, ascending. */
    List<Long> logs() throws IOException {
        return files.list(folder).stream()
                .map(LOG_NAME::matcher)
                .filter(Matcher::matches)
                .map(name -> Long.parseLong(name.group(1), HEX))
                .sorted()
                .toList();
    }

    /** Opens a segment; null where it is damaged as a whole. */
    @Nullable
    Segment open(Path path) throws IOException {
        DiskFile file = files.disk().openRead(path);
        SegmentLayout layout = null;
        try {
            if (file.size() >= SegmentLayout.HEADER_BYTES) {
                ByteBuffer header = ByteBuffer.allocate(SegmentLayout.HEADER_BYTES);
                file.readFully(header, 0);
                layout = layout(path, header, file.size());
            }
        } finally {
            if (layout == null) {
                file.close();
            }
        }
        return layout == null ? null : new Segment(layout, new SteadyFile(files.disk(), path, file, false));
    }

    private @Nullable SegmentLayout layout(Path path, ByteBuffer header, long size) throws FaultException {
        int version = SegmentLayout.version(header);
        if (version == 0) {
            return null;
        }
        requireVersion(path, version, SegmentLayout.VERSION);
        SegmentLayout layout = SegmentLayout.read(header);
        boolean whole = layout != null
                && layout.fileBytes() == size
                && segment(layout.logs()).equals(path);
        return whole ? layout : null;
    }

    static void requireVersion(Path path, int version, int known) throws FaultException {
        if (version != known) {
            throw new FaultException(
                    Fault.VERSION,
                    path + " has version " + version + ", this program knows " + known + ": use a newer one");
        }
    }

    /** A damaged file stays under another name; what it knew is stored once more. */
    void setAside(Path path) throws IOException {
        LOG.warn(
                "{} is damaged; it is kept as {}{}, and chunks that only it knew count as new",
                path,
                path.getFileName(),
                DAMAGED_SUFFIX);
        files.move(path, path.resolveSibling(path.getFileName() + DAMAGED_SUFFIX));
    }

    /** What a failure means to whoever runs the program. */
    FaultException fault(IOException failure) {
        if (failure instanceof FaultException fault) {
            return fault;
        }
        if (failure instanceof ClosedByInterruptException) {
            return new FaultException(Fault.INTERRUPTED, "stopped while using the chunk index", failure);
        }
        if (NoSpace.is(failure, files.disk(), folder)) {
            return new FaultException(
                    Fault.HOME_FULL, "the disk of " + folder + " is full: make room there, then go on", failure);
        }
        return new FaultException(
                Fault.DISK, "the chunk index in " + folder + " cannot be read or written: " + failure, failure);
    }
}
