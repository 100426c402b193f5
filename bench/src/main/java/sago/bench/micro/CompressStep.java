package sago.bench.micro;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
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
import org.openjdk.jmh.annotations.TearDown;
import sago.sender.compress.ChunkCompressor;
import sago.sender.compress.Codec;

/** Compresses chunks of 1 MiB. On noise the sender probes and bypasses, so that it is many times as fast as LZ4 itself. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class CompressStep {
    private static final int ZSTD_LEVEL = 1;

    @Param({"logs", "noise"})
    private String data;

    private final ChunkCompressor byLz4 = new ChunkCompressor();
    private final ChunkCompressor byZstd = new ChunkCompressor(() -> Codec.ZSTD);
    private final ZstdCompressCtx zstd = new ZstdCompressCtx().setLevel(ZSTD_LEVEL);
    private final LZ4Compressor lz4 = LZ4Factory.nativeInstance().fastCompressor();
    private byte[] bytes;
    private byte[] output;

    @Setup
    public void fill() {
        bytes = data.equals("logs") ? Corpus.logs(Corpus.BYTES) : Corpus.noise(Corpus.BYTES);
        output = new byte
                [Math.max(lz4.maxCompressedLength(Corpus.CHUNK_BYTES), (int) Zstd.compressBound(Corpus.CHUNK_BYTES))];
    }

    @TearDown
    public void close() {
        byLz4.close();
        byZstd.close();
        zstd.close();
    }

    /** As a sender whose cores are what holds it back. Bytes that are left of all chunks. */
    @Benchmark
    @OperationsPerInvocation(Corpus.BYTES)
    public long senderLz4() {
        return chunks(byLz4);
    }

    /** As a sender whose link is what holds it back. */
    @Benchmark
    @OperationsPerInvocation(Corpus.BYTES)
    public long senderZstd() {
        return chunks(byZstd);
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

    /** Reference: zstd over every chunk. */
    @Benchmark
    @OperationsPerInvocation(Corpus.BYTES)
    public long zstd() {
        long left = 0;
        for (int at = 0; at < Corpus.BYTES; at += Corpus.CHUNK_BYTES) {
            left += zstd.compressByteArray(output, 0, output.length, bytes, at, Corpus.CHUNK_BYTES);
        }
        return left;
    }

    private long chunks(ChunkCompressor compressor) {
        long left = 0;
        compressor.beginStream();
        for (int at = 0; at < Corpus.BYTES; at += Corpus.CHUNK_BYTES) {
            compressor.compress(bytes, at, Corpus.CHUNK_BYTES);
            left += compressor.storedLength();
        }
        return left;
    }

    /** For a run without JMH. */
    void choose(String name) {
        data = name;
        fill();
    }
}
