package sago.bench.micro;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Reads a file that the page cache holds: as a sender does, and as {@code dd} does. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class ReadStep {
    private static final int PIECE_BYTES = 512 << 10;
    private static final int BLOCK_BYTES = 1 << 20;

    private final ByteBuffer array = ByteBuffer.allocate(Corpus.BYTES);
    private final ByteBuffer outside = ByteBuffer.allocateDirect(Corpus.BYTES);
    private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
    private Path file;
    private FileChannel channel;

    @Setup
    public void open() throws IOException {
        file = Files.createTempFile("sago-bench", ".read");
        Files.write(file, Corpus.noise(Corpus.BYTES));
        channel = FileChannel.open(file, StandardOpenOption.READ);
    }

    @TearDown
    public void close() throws IOException {
        channel.close();
        Files.delete(file);
    }

    /** As a sender: pieces into an array, which the JDK copies through a buffer of its own. */
    @Benchmark
    @OperationsPerInvocation(Corpus.BYTES)
    public ByteBuffer heap() throws IOException {
        return pieces(array);
    }

    /** The same into a direct buffer. */
    @Benchmark
    @OperationsPerInvocation(Corpus.BYTES)
    public ByteBuffer direct() throws IOException {
        return pieces(outside);
    }

    /** Reference: blocks of 1 MiB into one and the same buffer. */
    @Benchmark
    @OperationsPerInvocation(Corpus.BYTES)
    public ByteBuffer dd() throws IOException {
        channel.position(0);
        while (channel.read(block.clear()) == BLOCK_BYTES) {
            // The next block goes over this one.
        }
        return block;
    }

    private ByteBuffer pieces(ByteBuffer into) throws IOException {
        for (int at = 0; at < Corpus.BYTES; ) {
            at += channel.read(into.limit(at + PIECE_BYTES).position(at), at);
        }
        return into.clear();
    }
}
