package sago.bench.micro;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import sago.common.secret.KernelRandom;
import sago.common.secret.SecretBytes;
import sago.sender.seal.Aead;
import sago.sender.seal.FloeSealer;

/** Seals segments from one direct buffer into another. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class SealStep {
    /** What FLOE adds to a segment: length, IV and tag. */
    static final int OVERHEAD_BYTES = Integer.BYTES + Aead.IV_BYTES + Aead.TAG_BYTES;

    static final byte[] KEY = Corpus.noise(Aead.KEY_BYTES);
    static final byte[] AAD = Corpus.noise(80);

    /** Position and whether it is the last: what stands beside each segment of FLOE. */
    static final byte[] SEGMENT_AAD = Corpus.noise(9);

    @Param({"conscrypt", "sunjce"})
    private String provider;

    @Param({"65536", "262144", "1048576"})
    private int segmentBytes;

    private final SecureRandom random = KernelRandom.create();
    private final ByteBuffer plain = ByteBuffer.allocateDirect(Corpus.BYTES)
            .put(Corpus.noise(Corpus.BYTES))
            .flip();
    private ByteBuffer sealed;
    private FloeSealer sealer;
    private Cipher cipher;
    private final SecretKeySpec key = new SecretKeySpec(KEY, "AES");
    private long messages;

    @Setup
    public void prepare() {
        sealed = ByteBuffer.allocateDirect(Corpus.BYTES);
        sealer = new FloeSealer(
                SecretBytes.of(KEY.clone()),
                AAD,
                segmentBytes,
                random,
                Ciphers.provider(provider).aead());
        cipher = Ciphers.cipher(provider);
    }

    /** As a sender: FLOE, random IVs. The sealed segments. */
    @Benchmark
    @OperationsPerInvocation(Corpus.BYTES)
    public ByteBuffer floe() {
        for (int at = 0; at < Corpus.BYTES; at += segmentBytes) {
            sealer.seal(plain(at), false, sealed.limit(at + segmentBytes).position(at));
        }
        return sealed.clear();
    }

    /** Reference: the cipher alone, over as many bytes. */
    @Benchmark
    @OperationsPerInvocation(Corpus.BYTES)
    public ByteBuffer cipher() throws GeneralSecurityException {
        for (int at = 0; at < Corpus.BYTES; at += segmentBytes) {
            byte[] iv = ByteBuffer.allocate(Aead.IV_BYTES).putLong(++messages).array();
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(Aead.TAG_BYTES * Byte.SIZE, iv));
            cipher.updateAAD(SEGMENT_AAD);
            sealed.limit(at + segmentBytes).position(at + OVERHEAD_BYTES - Aead.TAG_BYTES);
            cipher.doFinal(plain(at), sealed);
        }
        return sealed.clear();
    }

    /** The FLOE header of what {@link #floe} seals. */
    byte[] header() {
        return sealer.header();
    }

    /** What goes into the segment whose sealed bytes begin here. */
    ByteBuffer plain(int at) {
        return plain.duplicate().position(at).limit(at + segmentBytes - OVERHEAD_BYTES);
    }

    /** For a run without JMH. */
    void choose(String name, int bytes) {
        provider = name;
        segmentBytes = bytes;
        prepare();
    }
}
