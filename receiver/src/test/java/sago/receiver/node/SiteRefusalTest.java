package sago.receiver.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.SimDisk;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.id.SessionId;
import sago.common.limits.Limits;
import sago.common.net.TlsFaults;
import sago.common.net.TlsIdentity;
import sago.common.proto.DeliverSiteGrant;
import sago.common.proto.Hello;
import sago.common.proto.ListManifests;
import sago.common.proto.PackStatus;
import sago.common.proto.Ping;
import sago.common.proto.Read;
import sago.common.proto.Welcome;
import sago.common.protocol.ClientRole;
import sago.common.protocol.MessageFrame;
import sago.common.time.Clock;
import sago.common.trust.DatasetGrants;

final class SiteRefusalTest {
    private static final Path FOLDER = Path.of("/site");

    @TempDir
    private Path temp = Path.of("");

    private final TestHome home = new TestHome();
    private final SessionId session = SessionId.random(home.random);
    private TestSite site;

    @BeforeEach
    void start() throws Exception {
        site = TestSite.start(home, new SimDisk(FOLDER), FOLDER, temp.resolve("state.db"));
    }

    @AfterEach
    void stop() throws Exception {
        site.close();
    }

    @Test
    void dropsGarbageOnItsPortAndGoesOn() throws Exception {
        site.enrolled();
        for (String garbage : List.of("GET / HTTP/1.1\r\n\r\n", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "x".repeat(100_000))) {
            try (Socket socket = new Socket("127.0.0.1", site.address().getPort())) {
                socket.setSoTimeout(20_000);
                socket.getOutputStream().write(garbage.getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
                assertEnded(socket);
            }
        }
        site.sender().close();
    }

    /** The other end closes, tidily or not. */
    private static void assertEnded(Socket socket) {
        try (InputStream in = socket.getInputStream()) {
            in.readAllBytes();
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the site kept the connection", e);
        } catch (IOException reset) {
            assertThat(reset).isNotNull();
        }
    }

    @Test
    void refusesAFrameBeforeHello() throws Exception {
        site.enrolled();
        try (TestClient client = site.connect(home.senderTls)) {
            client.send(Ping.newBuilder().setId(1).build());
            assertThat(client.awaitFault(Fault.PROTOCOL)).contains("PING before WELCOME");
        }
        try (TestClient client = site.connect(home.senderTls)) {
            client.sliceAnyway(home.pack(session, 64 << 10), 0);
            assertThat(client.awaitFault(Fault.PROTOCOL)).contains("SLICE before WELCOME");
        }
    }

    @Test
    void refusesASecondHello() throws Exception {
        site.enrolled();
        Hello hello = TestClient.helloOf(home, ClientRole.APPEND, home.datasetGrant(site.id));
        try (TestClient client = site.connect(home.senderTls)) {
            client.send(hello);
            client.send(hello);
            client.awaitFault(Fault.PROTOCOL);
        }
        try (TestClient client = site.sender()) {
            client.send(hello);
            client.awaitFault(Fault.PROTOCOL);
        }
    }

    @Test
    void refusesALengthBeyondItsBoundBeforeItArrives() throws Exception {
        site.enrolled();
        try (TestClient client = site.connect(home.senderTls)) {
            client.channel
                    .writeAndFlush(Unpooled.buffer()
                            .writeInt(Limits.MESSAGE_BYTES_UNAUTHENTICATED_MAX + 1)
                            .writeInt(26 << 24)
                            .writeInt(0))
                    .sync();
            client.awaitFault(Fault.LIMIT);
        }
        try (TestClient client = site.sender()) {
            client.channel
                    .writeAndFlush(Unpooled.buffer()
                            .writeInt(Integer.MAX_VALUE)
                            .writeInt(26 << 24)
                            .writeInt(0))
                    .sync();
            client.awaitFault(Fault.LIMIT);
        }
    }

    @Test
    void refusesWhatTheRoleDoesNotAllow() throws Exception {
        site.enrolled();
        try (TestClient client = site.sender()) {
            client.send(Read.newBuilder().setRequest(1).build());
            assertThat(client.awaitFault(Fault.PEER_REFUSED)).contains("APPEND", "READ");
        }
        try (TestClient client = site.sender()) {
            client.send(ListManifests.getDefaultInstance());
            client.awaitFault(Fault.PEER_REFUSED);
        }
        try (TestClient client = site.connect(home.kitTls).hello(home, ClientRole.RESTORE, ByteString.EMPTY)) {
            client.sendOpen(home, session, site.id);
            client.awaitFault(Fault.PEER_REFUSED);
        }
        try (TestClient client = site.connect(home.auditTls).hello(home, ClientRole.AUDIT, home.auditGrant())) {
            client.send(Read.newBuilder().setRequest(1).build());
            client.awaitFault(Fault.PEER_REFUSED);
        }
    }

    @Test
    void refusesUploadsWithoutASession() throws Exception {
        site.enrolled();
        try (TestClient client = site.sender()) {
            client.send(PackStatus.getDefaultInstance());
            assertThat(client.awaitFault(Fault.PROTOCOL)).contains("OPEN or ATTACH first");
        }
    }

    @Test
    void refusesAForeignHomeAForeignKeyAndAForeignRole() throws Exception {
        site.enrolled();
        TestHome other = new TestHome();
        refused(
                site.connect(other.senderTls),
                TestClient.helloOf(other, ClientRole.APPEND, other.datasetGrant(site.id)));
        refused(site.connect(other.senderTls), TestClient.helloOf(home, ClientRole.APPEND, home.datasetGrant(site.id)));
        refused(
                site.connect(other.senderTls),
                TestClient.helloOf(home, ClientRole.APPEND, other.datasetGrant(site.id)));
        refused(site.connect(other.kitTls), TestClient.helloOf(home, ClientRole.RESTORE, ByteString.EMPTY));
        refused(site.connect(home.auditTls), TestClient.helloOf(home, ClientRole.RESTORE, home.auditGrant()));
        refused(site.connect(home.senderTls), TestClient.helloOf(home, ClientRole.AUDIT, home.auditGrant()));
    }

    private static void refused(TestClient client, Hello hello) throws Exception {
        try (client) {
            client.send(hello);
            client.awaitFault(Fault.PEER_REFUSED);
        }
    }

    @Test
    void refusesADataClassThatIsNotAllowedHere() throws Exception {
        site.enrolled();
        ByteString grant = DatasetGrants.sign(home.order, home.datasetTerms(site.id, "personal", 1));
        try (TestClient client = site.connect(home.senderTls)) {
            client.send(TestClient.helloOf(home, ClientRole.APPEND, grant));
            assertThat(client.awaitFault(Fault.POLICY)).contains("personal", "SG");
        }
    }

    @Test
    void refusesAProtocolThatItDoesNotSpeak() throws Exception {
        site.enrolled();
        try (TestClient client = site.connect(home.senderTls)) {
            client.send(TestClient.helloOf(home, ClientRole.APPEND, home.datasetGrant(site.id)).toBuilder()
                    .setProtocolMin(2)
                    .setProtocolMax(3)
                    .build());
            client.awaitFault(Fault.VERSION);
        }
    }

    @Test
    void refusesAnExpiredClientAndTellsBothSides() throws Exception {
        long tenYearsAgo = Clock.system().wallMs() - 11 * 365 * 86_400_000L;
        TlsIdentity expired = TlsIdentity.generate("sender", home.random, fixed(tenYearsAgo));
        assertThatThrownBy(() -> site.connect(expired))
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.PEER_REFUSED))
                .hasMessageContaining("renew it here");
    }

    @Test
    void isNotMistakenForAnotherSite() throws Exception {
        Hash other = TlsIdentity.generate("other", home.random, Clock.system()).spki();
        try (TestClient client = TestClient.connect(site.transports, site.address(), home.senderTls, other)) {
            client.send(TestClient.helloOf(home, ClientRole.APPEND, home.datasetGrant(site.id)));
            Object why = client.awaitEnd();
            assertThat(why).isInstanceOf(Throwable.class);
            assertThat(TlsFaults.of((Throwable) why))
                    .hasMessageContaining("not the one that was added")
                    .isInstanceOfSatisfying(
                            FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.PEER_REFUSED));
        }
    }

    @Test
    void asksForTheSiteGrantFirstAndTakesOnlyThePinnedOne() throws Exception {
        try (TestClient client = site.connect(home.senderTls)) {
            Welcome welcome = client.hello(home, ClientRole.APPEND, home.datasetGrant(site.id)).welcome;
            assertThat(welcome.getNeedsSiteGrant()).isTrue();
            client.sendOpen(home, session, site.id);
            client.awaitFault(Fault.PROTOCOL);
        }
        try (TestClient client = site.connect(home.senderTls)) {
            client.hello(home, ClientRole.APPEND, home.datasetGrant(site.id));
            client.send(DeliverSiteGrant.newBuilder()
                    .setGrant(home.datasetGrant(site.id))
                    .build());
            client.awaitFault(Fault.PEER_REFUSED);
        }
        site.enrolled();
        site.restart();
        try (TestClient client = site.sender()) {
            assertThat(client.welcome.getNeedsSiteGrant()).isFalse();
        }
    }

    @Test
    void boundsHalfOpenHandshakes() throws Exception {
        site.enrolled();
        int refused = 8;
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < Limits.HANDSHAKES_PER_ADDRESS_MAX + refused; i++) {
                Socket socket = new Socket("127.0.0.1", site.address().getPort());
                socket.setSoTimeout(20);
                silent.add(socket);
            }
            Set<Socket> ended = new HashSet<>();
            for (int round = 0; round < 20 && ended.size() < refused; round++) {
                for (Socket socket : silent) {
                    if (hasEnded(socket)) {
                        ended.add(socket);
                    }
                }
            }
            assertThat(ended).hasSize(refused);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
        awaitSender();
    }

    private static boolean hasEnded(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException stillThere) {
            return false;
        }
    }

    /** Handshakes that were given up are forgotten. */
    private void awaitSender() throws Exception {
        for (int i = 0; i < 100; i++) {
            try (TestClient client = site.connect(home.senderTls)) {
                client.send(TestClient.helloOf(home, ClientRole.APPEND, home.datasetGrant(site.id)));
                if (client.next() instanceof MessageFrame) {
                    return;
                }
            }
        }
        throw new AssertionError("the site never let a sender in again");
    }

    private static Clock fixed(long wallMs) {
        return new Clock() {
            @Override
            public long wallMs() {
                return wallMs;
            }

            @Override
            public long monotonicNs() {
                return 0;
            }
        };
    }
}
