package sago.bench.micro;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
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
import sago.common.fault.FaultException;
import sago.common.secret.SecretBytes;
import sago.sender.seal.Aead;
import sago.sender.seal.FloeOpener;

/** Opens the segments that {@link SealStep} seals, from one direct buffer into another. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class OpenStep {
    @Param({"conscrypt", "sunjce"})
    private String provider;

    @Param({"65536", "262144", "1048576"})
    private int segmentBytes;

    private final ByteBuffer opened = ByteBuffer.allocateDirect(Corpus.BYTES);
    private final SecretKeySpec key = new SecretKeySpec(SealStep.KEY, "AES");
    private final SealStep floeMessage = new SealStep();
    private final SealStep plainMessages = new SealStep();
    private ByteBuffer floeSealed;
    private ByteBuffer plainSealed;
    private FloeOpener opener;
    private Aead aead;
    private Cipher cipher;

    @Setup
    public void seal() throws FaultException, GeneralSecurityException {
        floeMessage.choose(provider, segmentBytes);
        plainMessages.choose(provider, segmentBytes);
        floeSealed = floeMessage.floe();
        plainSealed = plainMessages.cipher();
        opener = new FloeOpener(SecretBytes.of(SealStep.KEY.clone()), SealStep.AAD, segmentBytes, floeMessage.header());
        aead = Ciphers.provider(provider).aead();
        cipher = Ciphers.cipher(provider);
    }

    /** As a reader. The opened segments, one behind the other. */
    @Benchmark
    @OperationsPerInvocation(Corpus.BYTES)
    public ByteBuffer floe() throws FaultException {
        opened.clear();
        for (int at = 0; at < Corpus.BYTES; at += segmentBytes) {
            opener.open(
                    aead,
                    at / segmentBytes,
                    false,
                    floeSealed.limit(at + segmentBytes).position(at),
                    opened);
        }
        return opened.flip();
    }

    /** Reference: the cipher alone. */
    @Benchmark
    @OperationsPerInvocation(Corpus.BYTES)
    public ByteBuffer cipher() throws GeneralSecurityException {
        opened.clear();
        for (int at = 0; at < Corpus.BYTES; at += segmentBytes) {
            byte[] iv = ByteBuffer.allocate(Aead.IV_BYTES)
                    .putLong(at / segmentBytes + 1)
                    .array();
            cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(Aead.TAG_BYTES * Byte.SIZE, iv));
            cipher.updateAAD(SealStep.SEGMENT_AAD);
            int from = at + SealStep.OVERHEAD_BYTES - Aead.TAG_BYTES;
            cipher.doFinal(plainSealed.limit(at + segmentBytes).position(from), opened);
        }
        return opened.flip();
    }

    /** For a run without JMH. */
    void choose(String name, int bytes) throws FaultException, GeneralSecurityException {
        provider = name;
        segmentBytes = bytes;
        seal();
    }

    /** What the segment was sealed from. */
    ByteBuffer plain(int segment) {
        return floeMessage.plain(segment * segmentBytes);
    }
}
