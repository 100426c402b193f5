package sago.bench.micro;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import sago.common.id.Hash;
import sago.common.limits.Limits;
import sago.common.merkle.MerkleHasher;

/** Hashes slices of a pack: leaves of 4 KiB and the nodes above them. By nature a twentieth more work than one hash over all. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class MerkleStep {
    private final ByteBuffer image = ByteBuffer.allocateDirect(Corpus.BYTES)
            .put(Corpus.noise(Corpus.BYTES))
            .flip();
    private final MerkleHasher hasher = new MerkleHasher();
    private final MessageDigest digest = Digests.sha256();

    /** As both ends do. The root of the last slice. */
    @Benchmark
    @OperationsPerInvocation(Corpus.BYTES)
    public Hash merkle() {
        Hash last = Hash.ZERO;
        for (int at = 0; at < Corpus.BYTES; at += Limits.SEGMENT_BYTES) {
            last = hasher.slice(slice(at));
        }
        return last;
    }

    /** Reference: SHA-256 over each slice. */
    @Benchmark
    @OperationsPerInvocation(Corpus.BYTES)
    public byte[] sha256() {
        byte[] last = new byte[0];
        for (int at = 0; at < Corpus.BYTES; at += Limits.SEGMENT_BYTES) {
            digest.update(slice(at));
            last = digest.digest();
        }
        return last;
    }

    ByteBuffer slice(int at) {
        return image.duplicate().position(at).limit(at + Limits.SEGMENT_BYTES);
    }
}
