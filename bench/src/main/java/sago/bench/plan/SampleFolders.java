package sago.bench.plan;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import sago.bench.data.DataKind;
import sago.bench.data.DataSet;
import sago.bench.data.DataSets;
import sago.bench.macro.SagoRuns;

/** Folders to measure with, made from a user's data or like it. Confined to one thread. */
final class SampleFolders {
    static final String NOTHING = "nothing";
    static final String QUARTER = "quarter";
    static final String SAMPLE = "sample";
    static final String SMALL = "small";
    static final String ALL = "all";

    /** Small files: enough that they cost a good second. */
    private static final long SMALL_BYTES = 20_000L * 8192;

    private static final int BUFFER = 1 << 20;
    private static final long MB = 1_000_000;

    /** Less data says nothing: the start of two JVMs is most of such a run. */
    private static final long BYTES_MIN = 200 * MB;

    private final Path work;

    SampleFolders(Path work) {
        this.work = work;
    }

    /** The whole of what is named, to be changed: a copy of a folder, or generated. */
    Sampled all(String data) throws IOException, InterruptedException {
        if (DataSets.isDataSet(data)) {
            return generated(ALL, DataSets.parse(data, 1));
        }
        Path copy = work.resolve(ALL);
        SagoRuns.delete(copy);
        SagoRuns.copy(sized(Path.of(data).toRealPath()).folder(), copy);
        return sized(copy);
    }

    /** Nothing, a quarter of a sample, the sample, small files; in this order. */
    List<Sampled> samples(String data, long sampleBytes) throws IOException {
        List<Sampled> made = new ArrayList<>();
        made.add(nothing());
        if (DataSets.isDataSet(data)) {
            DataSet whole = DataSets.parse(data, 1);
            long bytes = enough(data, Math.min(sampleBytes, whole.bytes() / 2));
            made.add(generated(QUARTER, new DataSet(whole.kind(), bytes / 4, 3)));
            made.add(generated(SAMPLE, new DataSet(whole.kind(), bytes, 2)));
        } else {
            Sampled whole = sized(Path.of(data).toAbsolutePath());
            long bytes = enough(data, Math.min(sampleBytes, whole.bytes() / 2));
            made.add(copied(QUARTER, whole, bytes / 4));
            made.add(copied(SAMPLE, whole, bytes));
        }
        made.add(generated(SMALL, new DataSet(DataKind.SMALL, SMALL_BYTES, 4)));
        return made;
    }

    private static long enough(String data, long bytes) {
        if (bytes < BYTES_MIN) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "%s is too little to measure with: at least %d MB of data, and --sample at least %d",
                    data,
                    2 * BYTES_MIN / MB,
                    BYTES_MIN / MB));
        }
        return bytes;
    }

    private Sampled nothing() throws IOException {
        Path folder = empty(NOTHING);
        Files.writeString(folder.resolve("one"), "one small file\n");
        return new Sampled(folder, 1, 15);
    }

    private Sampled generated(String name, DataSet set) throws IOException {
        Path folder = empty(name);
        DataSet.Contents contents = set.generate(folder);
        return new Sampled(folder, contents.entries(), contents.bytes());
    }

    private static Sampled sized(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException(folder + " is no folder, and no data set such as tree:4G");
        }
        SagoRuns.Size size = SagoRuns.size(folder);
        return new Sampled(folder, size.files(), size.bytes());
    }

    private Path empty(String name) throws IOException {
        Path folder = work.resolve(name);
        SagoRuns.delete(folder);
        return Files.createDirectories(folder);
    }

    /** Every n-th file of the folder, so that large and small come as they are; the last one is cut. */
    private Sampled copied(String name, Sampled whole, long bytes) throws IOException {
        Path folder = empty(name);
        long stride = Math.max(1, whole.bytes() / bytes);
        long[] state = new long[3]; // seen, copied files, copied bytes
        Files.walkFileTree(whole.folder(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile() && Files.isReadable(file) && state[0]++ % stride == 0) {
                    Path target = folder.resolve(state[1] / 1000 + "/" + state[1]);
                    Files.createDirectories(target.resolveSibling(""));
                    state[2] += copy(file, target, bytes - state[2]);
                    state[1]++;
                }
                return state[2] < bytes ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
                return FileVisitResult.CONTINUE;
            }
        });
        return new Sampled(folder, state[1], state[2]);
    }

    private static long copy(Path from, Path to, long bytesMax) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long copied = 0;
        try (InputStream in = Files.newInputStream(from);
                OutputStream out = Files.newOutputStream(to)) {
            while (copied < bytesMax) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, bytesMax - copied));
                if (read < 0) {
                    break;
                }
                out.write(buffer, 0, read);
                copied += read;
            }
        }
        return copied;
    }
}
