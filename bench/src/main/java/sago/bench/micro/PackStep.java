package sago.bench.micro;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SessionId;
import sago.common.id.VaultId;
import sago.common.merkle.MerkleHasher;
import sago.common.pack.PackGeometry;
import sago.common.secret.KernelRandom;
import sago.common.secret.SecretBytes;
import sago.sender.compress.Codec;
import sago.sender.pack.ChunkId;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.PackBuilder;
import sago.sender.pack.PackSession;
import sago.sender.seal.AeadProviders;
import sago.sender.seal.FloeSealer;

/** Assembles packs of chunks of 1 MiB: records, seal and Merkle root, beside seal and Merkle root alone. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class PackStep {
    static final PackGeometry GEOMETRY = PackGeometry.DEFAULT;

    static final PackSession SESSION = new PackSession(
            new VaultId(1, 1), new DatasetId(2, 2), new SessionId(3, 3), SecretBytes.of(Corpus.noise(32)), GEOMETRY);

    private final SecureRandom random = KernelRandom.create();
    private final byte[] bytes = Corpus.noise(Corpus.BYTES);
    private final Sink sink = new Sink(GEOMETRY);
    private final PackBuilder builder =
            new PackBuilder(SESSION, sink, random, AeadProviders.choose().aead());
    private final FloeSealer sealer = new FloeSealer(
            SESSION.key(),
            new byte[0],
            GEOMETRY.segmentBytes(),
            random,
            AeadProviders.choose().aead());
    private final MerkleHasher hasher = new MerkleHasher();
    private final ByteBuffer segment = ByteBuffer.allocateDirect(GEOMETRY.segmentPlainBytes());
    private final ByteBuffer image = ByteBuffer.allocateDirect(GEOMETRY.packBytes());

    /** As a sender. Where the last chunk lies. */
    @Benchmark
    @OperationsPerInvocation(Corpus.BYTES)
    public ChunkRef builder() throws FaultException, InterruptedException {
        ChunkRef last = append(0);
        for (int at = Corpus.CHUNK_BYTES; at < Corpus.BYTES; at += Corpus.CHUNK_BYTES) {
            last = append(at);
        }
        return last;
    }

    /** Reference: copying into segments, sealing and hashing those, nothing else. */
    @Benchmark
    @OperationsPerInvocation(Corpus.BYTES)
    public Hash parts() {
        Hash last = Hash.ZERO;
        image.clear();
        for (int at = 0; at < Corpus.BYTES; at += segment.capacity()) {
            segment.clear().put(bytes, Math.min(at, Corpus.BYTES - segment.capacity()), segment.capacity());
            int start = image.position();
            sealer.seal(segment.flip(), false, image.limit(start + GEOMETRY.segmentBytes()));
            last = hasher.slice(image.duplicate().position(start));
            image.limit(image.capacity());
            if (!image.hasRemaining()) {
                image.clear();
            }
        }
        return last;
    }

    private ChunkRef append(int at) throws FaultException, InterruptedException {
        return builder.append(
                new ChunkId(at, 1, 2, 3),
                ChunkKind.DATA,
                Codec.RAW,
                Corpus.CHUNK_BYTES,
                ByteBuffer.wrap(bytes, at, Corpus.CHUNK_BYTES));
    }

    /** Slices that the transport was given. */
    long slices() {
        return sink.slices();
    }
}
