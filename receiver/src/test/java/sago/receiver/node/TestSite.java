package sago.receiver.node;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import sago.common.durable.Disk;
import sago.common.id.Hash;
import sago.common.id.SiteId;
import sago.common.limits.Limits;
import sago.common.net.TlsIdentity;
import sago.common.net.Transports;
import sago.common.proto.DeliverSiteGrant;
import sago.common.proto.SiteGrantStored;
import sago.common.protocol.ClientRole;
import sago.common.time.Clock;
import sago.receiver.accept.SiteServer;
import sago.receiver.store.SpaceReserve;
import sago.receiver.store.StoreSettings;

/** A site of a test home, with what clients need to reach it. For one thread. */
final class TestSite implements AutoCloseable {
    static final SiteServer.Bounds BOUNDS = new SiteServer.Bounds(4 << 20, 4 << 20, 4);

    final TestHome home;
    final Transports transports = Transports.open(1, "test-client");
    final SiteId id;
    final Hash spki;
    final ByteString siteGrant;
    private final Disk disk;
    private final Path folder;
    private final Path stateFile;
    private final long graceMs;
    private SiteNode node;

    private TestSite(TestHome home, Disk disk, Path folder, Path stateFile, long graceMs) throws IOException {
        this.home = home;
        this.graceMs = graceMs;
        this.disk = disk;
        this.folder = folder;
        this.stateFile = stateFile;
        try (SiteFolder made = SiteFolder.create(
                disk,
                folder,
                new SiteFolder.Description("sg", "SG", ListenAddress.parse("127.0.0.1:0")),
                Clock.system(),
                home.random)) {
            TestHome.Enrolment enrolment = home.enrol(made.requestText());
            siteGrant = enrolment.grant();
            made.pin(enrolment.text());
            id = made.identity().site();
            spki = made.identity().tlsSpki();
        }
        node = start();
    }

    /** A running site of this home in a folder of this disk; nobody has delivered the grant yet. */
    static TestSite start(TestHome home, Disk disk, Path folder, Path stateFile) throws IOException {
        return start(home, disk, folder, stateFile, Limits.UNCOMMITTED_KEEP_MS);
    }

    /** One that keeps packs that no snapshot names only that long. */
    static TestSite start(TestHome home, Disk disk, Path folder, Path stateFile, long graceMs) throws IOException {
        return new TestSite(home, disk, folder, stateFile, graceMs);
    }

    private SiteNode start() throws IOException {
        StoreSettings store = new StoreSettings(disk, folder, stateFile, new SpaceReserve(0, 0, 0), 1 << 20, graceMs);
        return SiteNode.start(
                new SiteNode.Options(disk, folder, store, BOUNDS, Optional.empty()), Clock.system(), home.random);
    }

    void restart() throws IOException {
        node.close();
        node = start();
    }

    SiteNode node() {
        return node;
    }

    InetSocketAddress address() {
        return node.address();
    }

    TestClient connect(TlsIdentity self) throws Exception {
        return TestClient.connect(transports, address(), self, spki);
    }

    /** Has the site grant delivered by a sender that then goes away. */
    TestSite enrolled() throws Exception {
        try (TestClient client = connect(home.senderTls)) {
            client.hello(home, ClientRole.APPEND, home.datasetGrant(id));
            client.send(DeliverSiteGrant.newBuilder().setGrant(siteGrant).build());
            client.expect(SiteGrantStored.class);
        }
        return this;
    }

    /** A welcome sender. */
    TestClient sender() throws Exception {
        return connect(home.senderTls).hello(home, ClientRole.APPEND, home.datasetGrant(id));
    }

    @Override
    public void close() throws IOException {
        node.close();
        transports.close();
    }
}
