package sago.common.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.time.Clock;

final class TlsContextsTest {
    private static final int GROUP_X25519MLKEM768 = 0x11EC;
    private static final int EXTENSION_KEY_SHARE = 0x0033;

    private final SecureRandom random = new SecureRandom();
    private final TlsIdentity site = TlsIdentity.generate("site", random, Clock.system());
    private final TlsIdentity client = TlsIdentity.generate("client", random, Clock.system());

    @Test
    void agreesOnTheHybridGroupOnTheWire() throws Exception {
        Handshake handshake = handshake(
                TlsContexts.client(client, site.spki(), Clock.system()), TlsContexts.server(site, Clock.system()));
        assertThat(keyShareGroup(handshake.serverHello())).isEqualTo(GROUP_X25519MLKEM768);
        assertThat(handshake.protocol).isEqualTo("TLSv1.3");
        assertThat(handshake.application).isEqualTo(TlsContexts.ALPN);
        assertThat(handshake.peerAtSite).isEqualTo(client.spki());
    }

    @Test
    void givesNoSessionTickets() throws Exception {
        Handshake handshake = handshake(
                TlsContexts.client(client, site.spki(), Clock.system()), TlsContexts.server(site, Clock.system()));
        assertThat(handshake.thrownAtSite).isNull();
        assertThat(handshake.siteFlights)
                .as("after the site's first flight nothing follows the client's Finished")
                .isEqualTo(1);
    }

    @Test
    void refusesAnotherSiteThanThePinnedOne() throws Exception {
        Hash other = TlsIdentity.generate("other", random, Clock.system()).spki();
        Handshake handshake =
                handshake(TlsContexts.client(client, other, Clock.system()), TlsContexts.server(site, Clock.system()));
        assertRefused(handshake.thrownAtClient, "not the one that was added");
        assertRefused(handshake.thrownAtSite, "the peer refused our TLS identity");
    }

    @Test
    void saysThatTheSiteMustRenewAnExpiredIdentity() throws Exception {
        TlsIdentity old = TlsIdentity.generate("site", random, yearsAway(-11));
        Handshake handshake = handshake(
                TlsContexts.client(client, old.spki(), Clock.system()), TlsContexts.server(old, yearsAway(-11)));
        assertRefused(handshake.thrownAtClient, "the site must renew it");
        assertRefused(handshake.thrownAtSite, "renew it here");
    }

    @Test
    void saysThatClocksDisagreeWhereAnIdentityIsNotYetValid() throws Exception {
        TlsIdentity early = TlsIdentity.generate("client", random, yearsAway(2));
        Handshake handshake = handshake(
                TlsContexts.client(early, site.spki(), Clock.system()), TlsContexts.server(site, Clock.system()));
        assertRefused(handshake.thrownAtSite, "set the clocks of both sides right");
        assertRefused(handshake.thrownAtClient, "set the clocks of both sides right");
    }

    @Test
    void refusesAnExpiredClientAtTheSite() throws Exception {
        TlsIdentity old = TlsIdentity.generate("client", random, yearsAway(-11));
        TlsIdentity older = TlsIdentity.generate("site", random, yearsAway(-9));
        Handshake handshake = handshake(
                TlsContexts.client(old, older.spki(), yearsAway(-9)), TlsContexts.server(older, Clock.system()));
        assertRefused(handshake.thrownAtSite, "the client must renew it");
        assertRefused(handshake.thrownAtClient, "renew it here");
    }

    @Test
    void doesNotStartWithAnIdentityThatExpired() {
        TlsIdentity old = TlsIdentity.generate("site", random, yearsAway(-11));
        assertThatThrownBy(() -> TlsContexts.server(old, Clock.system()))
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.PEER_REFUSED))
                .hasMessageContaining("renew it here");
    }

    private static void assertRefused(@Nullable Throwable thrown, String words) {
        if (thrown == null) {
            throw new AssertionError("nothing was refused: " + words);
        }
        FaultException fault = TlsFaults.of(thrown);
        assertThat(fault).hasMessageContaining(words);
        assertThat(fault.fault()).isEqualTo(Fault.PEER_REFUSED);
    }

    private static Clock yearsAway(long years) {
        long ms = Clock.system().wallMs() + TimeUnit.DAYS.toMillis(365) * years;
        return new Clock() {
            @Override
            public long wallMs() {
                return ms;
            }

            @Override
            public long monotonicNs() {
                return 0;
            }
        };
    }

    /** What the wire and both ends saw. */
    private static final class Handshake {
        final List<byte[]> fromSite = new ArrayList<>();
        String protocol = "";
        String application = "";
        Hash peerAtSite = Hash.ZERO;

        @Nullable
        Throwable thrownAtClient;

        @Nullable
        Throwable thrownAtSite;

        byte[] serverHello() {
            return fromSite.get(0);
        }

        int siteFlights;

        void keep(Deque<ByteBuffer> wire, int before) {
            siteFlights += wire.size() > before ? 1 : 0;
            wire.stream().skip(before).forEach(buffer -> {
                byte[] bytes = new byte[buffer.remaining()];
                buffer.duplicate().get(bytes);
                fromSite.add(bytes);
            });
        }
    }

    private static Handshake handshake(SslContext clientContext, SslContext serverContext) throws FaultException {
        SSLEngine near = clientContext.newEngine(UnpooledByteBufAllocator.DEFAULT);
        SSLEngine far = serverContext.newEngine(UnpooledByteBufAllocator.DEFAULT);
        try {
            Handshake handshake = new Handshake();
            Deque<ByteBuffer> toSite = new ArrayDeque<>();
            Deque<ByteBuffer> toClient = new ArrayDeque<>();
            for (int turn = 0; turn < 20; turn++) {
                handshake.thrownAtClient = turn(near, toClient, toSite, handshake.thrownAtClient);
                int before = toClient.size();
                handshake.thrownAtSite = turn(far, toSite, toClient, handshake.thrownAtSite);
                handshake.keep(toClient, before);
            }
            handshake.protocol = near.getSession().getProtocol();
            if (handshake.thrownAtClient == null && handshake.thrownAtSite == null) {
                handshake.application = String.valueOf(near.getApplicationProtocol());
                handshake.peerAtSite = TlsContexts.peerSpki(new SslHandler(far));
            }
            return handshake;
        } finally {
            ReferenceCountUtil.release(near);
            ReferenceCountUtil.release(far);
        }
    }

    /** One end takes what came and says what it has to say; gives the first exception that it ever threw. */
    private static @Nullable Throwable turn(
            SSLEngine engine, Deque<ByteBuffer> in, Deque<ByteBuffer> out, @Nullable Throwable before) {
        Throwable thrown = before;
        try {
            while (!in.isEmpty()) {
                ByteBuffer wire = in.remove();
                int left = -1;
                while (wire.hasRemaining() && wire.remaining() != left) {
                    left = wire.remaining();
                    engine.unwrap(wire, ByteBuffer.allocateDirect(64 << 10));
                    runTasks(engine);
                }
            }
        } catch (SSLException | IllegalStateException e) {
            thrown = thrown == null ? e : thrown;
        }
        try {
            while (true) {
                runTasks(engine);
                ByteBuffer wire = ByteBuffer.allocateDirect(64 << 10);
                if (engine.wrap(ByteBuffer.allocate(0), wire).bytesProduced() == 0) {
                    return thrown;
                }
                out.add(wire.flip());
            }
        } catch (SSLException e) {
            return thrown == null ? e : thrown;
        }
    }

    private static void runTasks(SSLEngine engine) {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    /** Walks the first record of the site: ServerHello, its extensions, the group of its key share (RFC 8446, 4.1.3 and 4.2.8). */
    private static int keyShareGroup(byte[] record) {
        ByteBuffer in = ByteBuffer.wrap(record);
        assertThat(in.get()).as("record type handshake").isEqualTo((byte) 22);
        in.position(5);
        assertThat(in.get()).as("message type ServerHello").isEqualTo((byte) 2);
        in.position(5 + 4 + 2 + 32);
        in.position(in.position() + 1 + in.get(in.position()));
        in.position(in.position() + 2 + 1);
        int end = Short.toUnsignedInt(in.getShort()) + in.position();
        while (in.position() < end) {
            int type = Short.toUnsignedInt(in.getShort());
            int length = Short.toUnsignedInt(in.getShort());
            if (type == EXTENSION_KEY_SHARE) {
                return Short.toUnsignedInt(in.getShort());
            }
            in.position(in.position() + length);
        }
        throw new AssertionError("ServerHello has no key share");
    }
}
