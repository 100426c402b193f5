package sago.bench.micro;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.common.net.TlsContexts;
import sago.common.net.TlsIdentity;
import sago.common.secret.KernelRandom;
import sago.common.time.Clock;

/** The two ends of a TLS connection, joined by memory. Confined to one thread. */
final class TlsEngines {
    private static final int WIRE_BYTES = 512 << 10;
    private static final int ROUNDS_MAX = 100;

    private final SSLEngine client;
    private final SSLEngine server;
    private final ByteBuffer wire = ByteBuffer.allocateDirect(WIRE_BYTES);
    private final ByteBuffer back = ByteBuffer.allocateDirect(WIRE_BYTES);

    private TlsEngines(SslContext clientContext, SslContext serverContext) throws SSLException {
        client = clientContext.newEngine(ByteBufAllocator.DEFAULT);
        server = serverContext.newEngine(ByteBufAllocator.DEFAULT);
        client.setUseClientMode(true);
        server.setUseClientMode(false);
        shakeHands();
    }

    /** As Sago connects: BoringSSL through tcnative. */
    static TlsEngines tcnative() throws FaultException, SSLException {
        TlsIdentity site = identity();
        return new TlsEngines(
                TlsContexts.client(identity(), site.spki(), Clock.system()), TlsContexts.server(site, Clock.system()));
    }

    /** The engine of the JDK, with the same kind of key. */
    static TlsEngines jdk() throws SSLException {
        TlsIdentity site = identity();
        return new TlsEngines(
                SslContextBuilder.forClient()
                        .sslProvider(SslProvider.JDK)
                        .protocols("TLSv1.3")
                        .trustManager(InsecureTrustManagerFactory.INSTANCE)
                        .endpointIdentificationAlgorithm(null)
                        .build(),
                SslContextBuilder.forServer(site.privateKey(), site.certificate())
                        .sslProvider(SslProvider.JDK)
                        .protocols("TLSv1.3")
                        .build());
    }

    private static TlsIdentity identity() {
        return TlsIdentity.generate("bench", KernelRandom.create(), Clock.system());
    }

    /** Carries the rest of {@code from} into {@code to}, record after record; borrows both. */
    void carry(ByteBuffer from, ByteBuffer to) throws SSLException {
        while (from.hasRemaining()) {
            wire.clear();
            while (from.hasRemaining()
                    && wire.remaining() >= client.getSession().getPacketBufferSize()) {
                client.wrap(from, wire);
            }
            wire.flip();
            while (wire.hasRemaining()) {
                require(server.unwrap(wire, to));
            }
        }
    }

    /** What both ends agreed on. */
    String suite() {
        return client.getSession().getCipherSuite();
    }

    private void shakeHands() throws SSLException {
        ByteBuffer nothing = ByteBuffer.allocateDirect(0);
        ByteBuffer rest = ByteBuffer.allocateDirect(WIRE_BYTES);
        client.beginHandshake();
        server.beginHandshake();
        for (int round = 0; round < ROUNDS_MAX; round++) {
            boolean moved = step(client, nothing, wire);
            moved |= step(server, nothing, back);
            moved |= take(server, wire, rest);
            moved |= take(client, back, rest);
            if (!moved && isDone(client) && isDone(server)) {
                return;
            }
        }
        throw new SSLException("no TLS handshake within " + ROUNDS_MAX + " rounds");
    }

    private static boolean step(SSLEngine engine, ByteBuffer nothing, ByteBuffer out) throws SSLException {
        runTasks(engine);
        return engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_WRAP
                && engine.wrap(nothing, out).bytesProduced() > 0;
    }

    private static boolean take(SSLEngine engine, ByteBuffer in, ByteBuffer rest) throws SSLException {
        in.flip();
        boolean moved = in.hasRemaining();
        // Without input too: after its tasks an engine goes on only when it is asked.
        if (moved || engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_UNWRAP) {
            engine.unwrap(in, rest.clear());
            runTasks(engine);
        }
        in.compact();
        return moved;
    }

    private static void runTasks(SSLEngine engine) {
        Supplier<@Nullable Runnable> tasks = engine::getDelegatedTask;
        for (Runnable task = tasks.get(); task != null; task = tasks.get()) {
            task.run();
        }
    }

    private static boolean isDone(SSLEngine engine) {
        return engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING;
    }

    private static void require(SSLEngineResult result) throws SSLException {
        if (result.getStatus() != SSLEngineResult.Status.OK) {
            throw new SSLException("TLS through memory stopped: " + result);
        }
    }
}
