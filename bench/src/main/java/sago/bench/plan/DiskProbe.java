package sago.bench.plan;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import sago.common.durable.Disk;
import sago.common.durable.DiskFile;
import sago.common.durable.DurableFiles;
import sago.common.durable.FileAccess;
import sago.common.pack.PackGeometry;
import sago.common.time.Clock;

/**
 * Measures the disk of a folder: packs are written slice by slice and forced, one after the other, as a site does, then read past the page cache and
 * once more from it. Confined to one thread.
 */
final class DiskProbe {
    /** 512 MiB: more than the caches of most disks, and a few seconds of a slow one. */
    static final int PACKS = 16;

    private static final PackGeometry GEOMETRY = PackGeometry.DEFAULT;

    /** Long enough that a disk has several requests to work on. */
    private static final int READ_BYTES = 4 << 20;

    /** Nobody measures with the last bytes of a disk. */
    private static final int ROOM_IN_ROUNDS = 2;

    private final DurableFiles files = new DurableFiles(Disk.real());
    private final Path folder;
    private final int packs;
    private final Clock clock;
    private final PrintStream progress;
    private final ByteBuffer pack = Disk.blocks(GEOMETRY.packBytes());

    /** @param folder an empty one of this probe alone */
    DiskProbe(Path folder, int packs, Clock clock, PrintStream progress) {
        this.folder = folder;
        this.packs = packs;
        this.clock = clock;
        this.progress = progress;
    }

    /** Every round writes new packs and deletes them. */
    List<DiskSpeed> measure(int rounds) throws IOException {
        long bytes = (long) packs * GEOMETRY.packBytes();
        if (files.disk().usableBytes(folder) < ROOM_IN_ROUNDS * bytes) {
            throw new IllegalArgumentException("--work has too little room to measure its disk: " + ROOM_IN_ROUNDS
                    + " times " + (bytes >> 20) + " MiB");
        }
        List<DiskSpeed> speeds = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            double writeS = write(round);
            double directS = readDirect();
            double cachedS = read(StandardOpenOption.READ);
            speeds.add(new DiskSpeed(round, bytes, writeS, directS, cachedS));
            for (int i = 0; i < packs; i++) {
                files.disk().delete(file(i));
            }
            progress.printf(
                    Locale.ROOT,
                    "round %d  disk     %7.2f GB  write %.2f s  read past the page cache %.2f s  from it %.2f s%n",
                    round,
                    bytes / 1e9,
                    writeS,
                    directS,
                    cachedS);
        }
        return speeds;
    }

    private Path file(int number) {
        return folder.resolve(number + ".pack");
    }

    private double write(int round) throws IOException {
        long ns = 0;
        for (int i = 0; i < packs; i++) {
            fill(new SplittableRandom((long) round * packs + i));
            long before = clock.monotonicNs();
            try (DiskFile file = files.createPastCache(file(i), FileAccess.PRIVATE)) {
                for (int at = 0; at < pack.capacity(); at += GEOMETRY.segmentBytes()) {
                    file.writeFully(
                            pack.clear().position(at).limit(Math.min(pack.capacity(), at + GEOMETRY.segmentBytes())),
                            at);
                }
                file.force();
            }
            ns += clock.monotonicNs() - before;
        }
        return ns / 1e9;
    }

    /** Incompressible, and never twice the same: some disks look. */
    private void fill(SplittableRandom random) {
        pack.clear();
        while (pack.hasRemaining()) {
            pack.putLong(random.nextLong());
        }
    }

    /** 0 where the file system refuses. */
    private double readDirect() throws IOException {
        try {
            return read(StandardOpenOption.READ, ExtendedOpenOption.DIRECT);
        } catch (UnsupportedOperationException | IOException e) {
            progress.println("not read past the page cache: " + e.getMessage());
            return 0;
        }
    }

    private double read(OpenOption... options) throws IOException {
        int block = Math.toIntExact(Files.getFileStore(folder).getBlockSize());
        ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES + block)
                .alignedSlice(block)
                .limit(READ_BYTES);
        long before = clock.monotonicNs();
        for (int i = 0; i < packs; i++) {
            try (FileChannel channel = FileChannel.open(file(i), options)) {
                long read = 0;
                for (int length = 0; length >= 0; length = channel.read(buffer.position(0))) {
                    read += length;
                }
                if (read != pack.capacity()) {
                    throw new IOException(file(i) + " has " + read + " bytes instead of " + pack.capacity());
                }
            }
        }
        return (clock.monotonicNs() - before) / 1e9;
    }
}
