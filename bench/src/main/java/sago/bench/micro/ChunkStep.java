package sago.bench.micro;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import sago.common.secret.SecretBytes;
import sago.sender.chunk.Chunker;
import sago.sender.chunk.ChunkerParameters;
import sago.sender.chunk.FastCdc;
import sago.sender.chunk.GearTable;

/** Finds the cut points of a buffer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class ChunkStep {
    private static final SecretBytes KEY = SecretBytes.of(Corpus.noise(32));

    private final byte[] bytes = Corpus.noise(Corpus.BYTES);
    private final byte[] copied = new byte[Corpus.BYTES];
    private final Chunker chunker = new FastCdc(GearTable.derive(KEY), ChunkerParameters.DEFAULT);
    private final Chunker byteByByte = new PlainGear(KEY, ChunkerParameters.DEFAULT);

    /** As a sender. The result stands for all cut points. */
    @Benchmark
    @OperationsPerInvocation(Corpus.BYTES)
    public long fastcdc() {
        return cuts(chunker);
    }

    /** Reference: the algorithm as published. */
    @Benchmark
    @OperationsPerInvocation(Corpus.BYTES)
    public long plain() {
        return cuts(byteByByte);
    }

    /** What the memory gives: a copy. */
    @Benchmark
    @OperationsPerInvocation(Corpus.BYTES)
    public byte[] copy() {
        System.arraycopy(bytes, 0, copied, 0, Corpus.BYTES);
        return copied;
    }

    private long cuts(Chunker by) {
        long all = 0;
        for (int at = 0; at < Corpus.BYTES; ) {
            at += by.cut(bytes, at, Corpus.BYTES - at);
            all = all * 31 + at;
        }
        return all;
    }
}
