package sago.bench.data;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import sago.bench.data.Layout.FilePlan;
import sago.bench.data.Layout.Link;

/** Writes a layout: every file has a stream of numbers of its own, so that it does not matter which thread writes it. */
final class Generator {
    private static final int BLOCK_BYTES = 1 << 18;

    /** Times of files: whole seconds of some day, by their place in the layout. */
    private static final long TIME_BASE_S = 1_700_000_000L;

    private final DataSet set;
    private final Layout layout;
    private final LogContent.Site site;
    private final byte[][] vocabulary;
    private final BinaryContent.Instructions instructions;

    Generator(DataSet set, Layout layout) {
        this.set = set;
        this.layout = layout;
        this.site = new LogContent.Site(set.seed());
        this.vocabulary = TextContent.vocabulary(Draw.of(set.seed(), -4));
        this.instructions = new BinaryContent.Instructions(Draw.of(set.seed(), -5));
    }

    DataSet.Contents write(Path folder, int threads) throws IOException {
        Files.createDirectories(folder);
        refuseUnfit(folder);
        for (String name : layout.folders()) {
            Files.createDirectory(folder.resolve(name));
        }
        writeFiles(folder, threads);
        for (Link link : layout.links()) {
            Files.createSymbolicLink(folder.resolve(link.path()), Path.of(link.target()));
        }
        return new DataSet.Contents(
                layout.files().size(), layout.folders().size(), layout.links().size(), set.bytes());
    }

    private void refuseUnfit(Path folder) throws IOException {
        try (Stream<Path> present = Files.list(folder)) {
            if (present.findAny().isPresent()) {
                throw new IOException(folder + " is not empty: give an empty folder or the name of a new one");
            }
        }
        long room = Files.getFileStore(folder).getUsableSpace();
        if (room < set.bytes()) {
            throw new IOException(folder + " has room for " + DataSets.size(room / 1_000_000 * 1_000_000) + " only, "
                    + set.name() + " does not fit");
        }
    }

    private void writeFiles(Path folder, int threads) throws IOException {
        AtomicInteger next = new AtomicInteger();
        Callable<Integer> work = () -> {
            byte[] block = new byte[BLOCK_BYTES];
            int written = 0;
            for (int i = next.getAndIncrement(); i < layout.files().size(); i = next.getAndIncrement()) {
                writeFile(folder, i, block);
                written++;
            }
            return written;
        };
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Integer>> parts = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                parts.add(pool.submit(work));
            }
            for (Future<Integer> part : parts) {
                part.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("cannot write data: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while writing data", e);
        } finally {
            next.set(layout.files().size());
            pool.shutdownNow();
        }
    }

    private void writeFile(Path folder, int index, byte[] block) throws IOException {
        FilePlan plan = layout.files().get(index);
        Path file = folder.resolve(plan.path());
        Content content = content(plan, Draw.of(set.seed(), index));
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long left = plan.bytes(); left > 0; ) {
                int length = (int) Math.min(left, block.length);
                content.fill(block, length);
                out.write(block, 0, length);
                left -= length;
            }
        }
        if (plan.isExecutable()) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.setLastModifiedTime(file, FileTime.fromMillis((TIME_BASE_S + index) * 1000));
    }

    private Content content(FilePlan plan, Draw draw) {
        return switch (plan.matter()) {
            case TEXT -> new TextContent(vocabulary, draw);
            case BINARY -> new BinaryContent(instructions, draw);
            case LOG -> new LogContent(site, draw);
            case RANDOM -> new RandomContent(draw);
        };
    }
}
