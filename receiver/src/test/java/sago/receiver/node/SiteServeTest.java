package sago.receiver.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.SimDisk;
import sago.common.fault.Fault;
import sago.common.id.Hash;
import sago.common.id.SessionId;
import sago.common.merkle.MerkleHasher;
import sago.common.proto.Audit;
import sago.common.proto.Audited;
import sago.common.proto.AuditedPack;
import sago.common.proto.Commit;
import sago.common.proto.Committed;
import sago.common.proto.DeliverKeyring;
import sago.common.proto.FetchKeyring;
import sago.common.proto.FetchManifest;
import sago.common.proto.FetchSession;
import sago.common.proto.KeyringFound;
import sago.common.proto.KeyringStored;
import sago.common.proto.ListManifests;
import sago.common.proto.ManifestFound;
import sago.common.proto.Manifests;
import sago.common.proto.PackDurable;
import sago.common.proto.Read;
import sago.common.proto.ReadFailed;
import sago.common.proto.SessionFound;
import sago.common.protocol.ClientRole;
import sago.common.protocol.DataFrame;
import sago.common.protocol.MessageFrame;
import sago.common.sign.Hashes;
import sago.common.trust.KeyringTerms;
import sago.common.trust.Keyrings;

final class SiteServeTest {
    private static final Path FOLDER = Path.of("/site");
    private static final int PACK = 64 << 10;

    @TempDir
    private Path temp = Path.of("");

    private final TestHome home = new TestHome();
    private final SessionId session = SessionId.random(home.random);
    private final SimDisk disk = new SimDisk(FOLDER);
    private final TestHome.Pack pack = home.pack(session, PACK);
    private final ByteString body = ByteString.copyFromUtf8("sealed body");
    private final ByteString stub = home.stub(session, 1, Hash.ZERO, List.of(pack.entry()), body);
    private TestSite site;

    @BeforeEach
    void store() throws Exception {
        site = TestSite.start(home, disk, FOLDER, temp.resolve("state.db")).enrolled();
        try (TestClient client = site.sender()) {
            client.open(home, session, site.id);
            client.put(pack);
            client.await(PackDurable.class);
            client.send(Commit.newBuilder().setStub(stub).setBody(body).build());
            client.await(Committed.class);
        }
    }

    @AfterEach
    void stop() throws Exception {
        site.close();
    }

    private TestClient restorer() throws Exception {
        return site.connect(home.kitTls).hello(home, ClientRole.RESTORE, ByteString.EMPTY);
    }

    private TestClient auditor() throws Exception {
        return site.connect(home.auditTls).hello(home, ClientRole.AUDIT, home.auditGrant());
    }

    private Read read(long request, int offset, int length) {
        return Read.newBuilder()
                .setRequest(request)
                .setPack(ByteString.copyFrom(pack.entry().id().toBytes()))
                .setOffset(offset)
                .setLength(length)
                .build();
    }

    @Test
    void readsEverySegmentBackBitForBit() throws Exception {
        try (TestClient client = restorer()) {
            Map<Long, byte[]> expected = new HashMap<>();
            client.send(read(0, 0, 4096));
            expected.put(0L, slice(0, 4096));
            for (int segment = 0; segment < TestHome.GEOMETRY.segments(PACK); segment++) {
                int offset = TestHome.GEOMETRY.segmentOffset(segment);
                int length = TestHome.GEOMETRY.segmentLength(segment, PACK);
                client.send(read(segment + 1, offset, length));
                expected.put(segment + 1L, slice(offset, length));
            }
            client.send(read(99, 0, PACK));
            expected.put(99L, slice(0, PACK));
            int count = expected.size();
            for (int i = 0; i < count; i++) {
                DataFrame data = (DataFrame) client.next();
                assertThat(ByteBufUtil.getBytes(data.bytes())).isEqualTo(expected.remove(data.request()));
                data.release();
            }
            assertThat(expected).isEmpty();
        }
    }

    private byte[] slice(int offset, int length) {
        byte[] bytes = new byte[length];
        pack.bytes().get(offset, bytes);
        return bytes;
    }

    @Test
    void keepsTheConnectionWhenOneReadFails() throws Exception {
        try (TestClient client = restorer()) {
            client.send(read(1, 0, 4096).toBuilder()
                    .setPack(ByteString.copyFrom(new byte[16]))
                    .build());
            ReadFailed failed = client.expect(ReadFailed.class);
            assertThat(Fault.ofCode(failed.getFault())).isEqualTo(Fault.NOT_FOUND);
            assertThat(failed.getRequest()).isEqualTo(1);
            client.send(read(2, PACK, 4096));
            assertThat(Fault.ofCode(client.expect(ReadFailed.class).getFault())).isEqualTo(Fault.PROTOCOL);
            client.send(read(3, 0, 4096));
            DataFrame data = (DataFrame) client.next();
            assertThat(data.request()).isEqualTo(3);
            data.release();
        }
    }

    @Test
    void refusesReadsThatAreNotOfWholeLeaves() throws Exception {
        for (Read bad : List.of(read(1, 1, 4096), read(1, 0, 4095), read(1, 0, 0), read(1, 0, 2 << 20))) {
            try (TestClient client = restorer()) {
                client.send(bad);
                client.awaitFault(Fault.PROTOCOL);
            }
        }
    }

    @Test
    void answersManyReadsThatAreAskedAtOnce() throws Exception {
        try (TestClient client = restorer()) {
            for (int i = 0; i < 500; i++) {
                ChannelFuture unused = client.channel.write(MessageFrame.of(read(i, 0, PACK)));
            }
            client.channel.flush();
            long sum = 0;
            for (int i = 0; i < 500; i++) {
                DataFrame data = (DataFrame) client.next();
                sum += data.request();
                data.release();
            }
            assertThat(sum).isEqualTo(500 * 499 / 2);
        }
    }

    @Test
    void givesManifestsAndSessionHeadersAsTheyCame() throws Exception {
        try (TestClient client = restorer()) {
            client.send(ListManifests.newBuilder().setMax(10).build());
            Manifests list = client.expect(Manifests.class);
            assertThat(list.getHeadsCount()).isEqualTo(1);
            assertThat(list.getMore()).isFalse();
            client.send(FetchManifest.newBuilder()
                    .setDataset(list.getHeads(0).getDataset())
                    .setSequence(list.getHeads(0).getSequence())
                    .build());
            ManifestFound found = client.expect(ManifestFound.class);
            assertThat(found.getStub()).isEqualTo(stub);
            assertThat(found.getBody()).isEqualTo(body);
            assertThat(found.getReceipt()).isNotEmpty();
            ByteString header = home.sessionHeader(session);
            client.send(FetchSession.newBuilder()
                    .setHeaderSha256(ByteString.copyFrom(Hashes.sha256(header).toBytes()))
                    .build());
            assertThat(client.expect(SessionFound.class).getSessionHeader()).isEqualTo(header);
        }
    }

    @Test
    void saysThatAManifestIsNotHere() throws Exception {
        try (TestClient client = restorer()) {
            client.send(FetchManifest.newBuilder()
                    .setDataset(ByteString.copyFrom(home.dataset.toBytes()))
                    .setSequence(2)
                    .build());
            client.awaitFault(Fault.NOT_FOUND);
        }
    }

    @Test
    void storesAndReturnsKeyrings() throws Exception {
        ByteString keyring = Keyrings.sign(
                home.order,
                new KeyringTerms(
                        home.vault, 1, 1, Hash.ZERO, ByteString.copyFrom(new byte[1200]), Hash.ZERO, home.identity));
        try (TestClient client = site.sender()) {
            client.send(DeliverKeyring.newBuilder().setKeyring(keyring).build());
            assertThat(client.expect(KeyringStored.class).getCounter()).isEqualTo(1);
        }
        try (TestClient client = restorer()) {
            assertThat(client.welcome.getKeyringCounter()).isEqualTo(1);
            client.send(FetchKeyring.getDefaultInstance());
            assertThat(client.expect(KeyringFound.class).getKeyring()).isEqualTo(keyring);
        }
    }

    @Test
    void hashesPacksAgainAndFindsAFlippedBit() throws Exception {
        Audit audit = Audit.newBuilder()
                .setDataset(ByteString.copyFrom(home.dataset.toBytes()))
                .setMax(10)
                .build();
        try (TestClient client = auditor()) {
            client.send(audit);
            AuditedPack sound = client.expect(Audited.class).getPacks(0);
            assertThat(sound.getSound()).isTrue();
            assertThat(Hash.of(sound.getRoot().toByteArray())).isEqualTo(root());
            String id = pack.entry().id().toString();
            disk.flip(FOLDER.resolve("packs").resolve(id.substring(0, 2)).resolve(id + ".pack"), 8L * PACK - 1);
            client.send(audit);
            assertThat(client.expect(Audited.class).getPacks(0).getSound()).isFalse();
        }
    }

    private Hash root() {
        return new MerkleHasher().slice(pack.bytes());
    }
}
