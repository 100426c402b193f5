package sago.bench.micro;

import java.security.MessageDigest;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import sago.common.secret.SecretBytes;
import sago.sender.pack.ChunkId;
import sago.sender.pack.ChunkIds;
import sago.sender.pack.ChunkKind;

/** Names chunks of 1 MiB. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class ChunkIdStep {
    private final byte[] bytes = Corpus.noise(Corpus.BYTES);
    private final ChunkIds ids = new ChunkIds(SecretBytes.of(Corpus.noise(32)));
    private final MessageDigest digest = Digests.sha256();

    /** As a sender: HMAC-SHA-256. The id of the last chunk. */
    @Benchmark
    @OperationsPerInvocation(Corpus.BYTES)
    public ChunkId hmac() {
        ChunkId last = ids.of(ChunkKind.DATA, bytes, 0, Corpus.CHUNK_BYTES);
        for (int at = Corpus.CHUNK_BYTES; at < Corpus.BYTES; at += Corpus.CHUNK_BYTES) {
            last = ids.of(ChunkKind.DATA, bytes, at, Corpus.CHUNK_BYTES);
        }
        return last;
    }

    /** Reference: SHA-256 alone. */
    @Benchmark
    @OperationsPerInvocation(Corpus.BYTES)
    public byte[] sha256() {
        byte[] last = new byte[0];
        for (int at = 0; at < Corpus.BYTES; at += Corpus.CHUNK_BYTES) {
            digest.update(bytes, at, Corpus.CHUNK_BYTES);
            last = digest.digest();
        }
        return last;
    }
}
