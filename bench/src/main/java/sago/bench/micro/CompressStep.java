package sago.bench.micro;

import com.github.luben.zstd.Zstd;
import java.util.concurrent.TimeUnit;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import sago.sender.compress.ChunkCompressor;

/** Compresses chunks of 1 MiB. On noise the sender probes and bypasses, so that it is many times as fast as LZ4 itself. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class CompressStep {
    private static final int ZSTD_FAST = 1;
    private static final int ZSTD_USUAL = 3;

    @Param({"logs", "noise"})
    private String data;

    private final ChunkCompressor compressor = new ChunkCompressor();
    private final LZ4Compressor lz4 = LZ4Factory.nativeInstance().fastCompressor();
    private byte[] bytes;
    private byte[] output;

    @Setup
    public void fill() {
        bytes = data.equals("logs") ? Corpus.logs(Corpus.BYTES) : Corpus.noise(Corpus.BYTES);
        output = new byte
                [Math.max(
                        lz4.maxCompressedLength(Corpus.CHUNK_BYTES), (int) Zstd.compressBound(Corpus.CHUNK_BYTES))];
    }

    /** As a sender. Bytes that are left of all chunks. */
    @Benchmark
    @OperationsPerInvocation(Corpus.BYTES)
    public long sender() {
        long left = 0;
        compressor.beginStream();
        for (int at = 0; at < Corpus.BYTES; at += Corpus.CHUNK_BYTES) {
            compressor.compress(bytes, at, Corpus.CHUNK_BYTES);
            left += compressor.storedLength();
        }
        return left;
    }

    /** Reference: LZ4 over every chunk. */
    @Benchmark
    @OperationsPerInvocation(Corpus.BYTES)
    public long lz4() {
        long left = 0;
        for (int at = 0; at < Corpus.BYTES; at += Corpus.CHUNK_BYTES) {
            left += lz4.compress(bytes, at, Corpus.CHUNK_BYTES, output, 0, output.length);
        }
        return left;
    }

    @Benchmark
    @OperationsPerInvocation(Corpus.BYTES)
    public long zstd1() {
        return zstd(ZSTD_FAST);
    }

    @Benchmark
    @OperationsPerInvocation(Corpus.BYTES)
    public long zstd3() {
        return zstd(ZSTD_USUAL);
    }

    private long zstd(int level) {
        long left = 0;
        for (int at = 0; at < Corpus.BYTES; at += Corpus.CHUNK_BYTES) {
            left += Zstd.compressByteArray(output, 0, output.length, bytes, at, Corpus.CHUNK_BYTES, level);
        }
        return left;
    }

    /** For a run without JMH. */
    void choose(String name) {
        data = name;
        fill();
    }
}
