package sago.bench.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A change of one hundredth of a folder, the same for the same files and seed: of files below {@value #STRIDE_BYTES} bytes one in a hundred is
 * changed, of longer ones a run of {@value #RUN_BYTES} bytes in every stride. Changed bytes are combined with one constant by exclusive or: they
 * are new, compress as well as before, and the same change once more takes it back. Confined to one thread.
 */
public final class Change {
    private static final int RUN_BYTES = 1 << 18;
    private static final long STRIDE_BYTES = 100L * RUN_BYTES;
    private static final int ONE_IN = 100;

    private final Path folder;
    private final byte mask;
    private final List<Run> runs;

    /** Bytes of one file that change. */
    private record Run(Path file, long fileBytes, long offset, int bytes, FileTime before) {}

    private Change(Path folder, byte mask, List<Run> runs) {
        this.folder = folder;
        this.mask = mask;
        this.runs = List.copyOf(runs);
    }

    /** Chooses what will change, at least one byte where there is one; changes nothing yet. */
    public static Change of(Path folder, long seed) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && attributes.size() > 0) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        files.sort(null); // the order of a folder's entries is that of a disk
        Draw draw = Draw.of(seed, -6);
        List<Run> runs = new ArrayList<>();
        for (Path file : files) {
            choose(file, draw, runs);
        }
        if (runs.isEmpty() && !files.isEmpty()) {
            Path file = files.get(draw.below(files.size()));
            long size = Files.size(file);
            runs.add(new Run(file, size, 0, (int) Math.min(RUN_BYTES, size), Files.getLastModifiedTime(file)));
        }
        return new Change(folder, (byte) (1 + draw.below(255)), runs);
    }

    private static void choose(Path file, Draw draw, List<Run> runs) throws IOException {
        long size = Files.size(file);
        FileTime before = Files.getLastModifiedTime(file);
        if (size < STRIDE_BYTES) {
            if (draw.below(ONE_IN) == 0) {
                runs.add(new Run(file, size, 0, (int) Math.min(RUN_BYTES, size), before));
            }
            return;
        }
        for (long stride = 0; stride + STRIDE_BYTES <= size; stride += STRIDE_BYTES) {
            runs.add(new Run(file, size, stride + draw.below((int) STRIDE_BYTES - RUN_BYTES), RUN_BYTES, before));
        }
    }

    /** How many bytes differ afterwards. */
    public long bytes() {
        return runs.stream().mapToLong(Run::bytes).sum();
    }

    /** How many files differ afterwards. */
    public long files() {
        return runs.stream().map(Run::file).distinct().count();
    }

    /** Length of all files that differ afterwards: what a backup has to read. */
    public long filesBytes() {
        return byFile().values().stream()
                .mapToLong(ofOne -> ofOne.get(0).fileBytes())
                .sum();
    }

    /**
     * What a backup has to store: of a file at most all of it, of a long one the chunks with changed bytes in them.
     *
     * @param chunkBytes average length of a chunk: so much is stored again beside each run of changed bytes
     */
    public long chunksBytes(long chunkBytes) {
        return byFile().values().stream()
                .mapToLong(ofOne -> Math.min(
                        ofOne.get(0).fileBytes(),
                        ofOne.stream()
                                .mapToLong(run -> run.bytes() + chunkBytes)
                                .sum()))
                .sum();
    }

    private Map<Path, List<Run>> byFile() {
        return runs.stream().collect(Collectors.groupingBy(Run::file));
    }

    /** Changes the files and lets their time of modification be that of the change. */
    public void apply() throws IOException {
        flip();
    }

    /** Puts back bytes and times. */
    public void revert() throws IOException {
        flip();
        for (Run run : runs) {
            Files.setLastModifiedTime(run.file(), run.before());
        }
    }

    private void flip() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(RUN_BYTES);
        for (Run run : runs) {
            try (FileChannel channel =
                    FileChannel.open(run.file(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                buffer.clear().limit(run.bytes());
                while (buffer.hasRemaining()) {
                    if (channel.read(buffer, run.offset() + buffer.position()) < 0) {
                        throw new IOException(run.file() + " became shorter while it was measured with: " + folder
                                + " must not be changed by others");
                    }
                }
                for (int i = 0; i < run.bytes(); i++) {
                    buffer.put(i, (byte) (buffer.get(i) ^ mask));
                }
                buffer.flip();
                while (buffer.hasRemaining()) {
                    channel.write(buffer, run.offset() + buffer.position());
                }
            }
        }
    }
}
