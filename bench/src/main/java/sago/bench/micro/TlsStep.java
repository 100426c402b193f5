package sago.bench.micro;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import sago.common.fault.FaultException;

/** TLS 1.3 through memory: both ends, no socket. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class TlsStep {
    private final ByteBuffer plain = ByteBuffer.allocateDirect(Corpus.BYTES)
            .put(Corpus.noise(Corpus.BYTES))
            .flip();
    private final ByteBuffer arrived = ByteBuffer.allocateDirect(Corpus.BYTES + (64 << 10));
    private TlsEngines tcnative;
    private TlsEngines jdk;

    @Setup
    public void connect() throws FaultException, SSLException {
        tcnative = TlsEngines.tcnative();
        jdk = TlsEngines.jdk();
    }

    /** As both ends: BoringSSL. What arrived. */
    @Benchmark
    @OperationsPerInvocation(Corpus.BYTES)
    public ByteBuffer tcnative() throws SSLException {
        return carry(tcnative);
    }

    /** Reference: the engine of the JDK. */
    @Benchmark
    @OperationsPerInvocation(Corpus.BYTES)
    public ByteBuffer jdk() throws SSLException {
        return carry(jdk);
    }

    private ByteBuffer carry(TlsEngines engines) throws SSLException {
        engines.carry(plain.duplicate(), arrived.clear());
        return arrived.flip();
    }

    ByteBuffer plain() {
        return plain;
    }
}
