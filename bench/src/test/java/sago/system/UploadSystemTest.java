package sago.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.pack.PackEntry;
import sago.common.protocol.PackPresence;
import sago.common.trust.PackTable;
import sago.sender.keys.SiteAddress;
import sago.sender.keys.SiteEndpoint;
import sago.sender.upload.AuditPage;
import sago.sender.upload.CommitResult;
import sago.sender.upload.ReadPlan;
import sago.sender.upload.RestoreClient;
import sago.sender.upload.SiteHead;
import sago.sender.upload.SnapshotHead;
import sago.sender.upload.UploadPlan;
import sago.sender.upload.UploadProgress;
import sago.sender.upload.UploadSession;

/** Packs of random bytes go to a real site over a line that is cut, and come back. */
@Timeout(120)
class UploadSystemTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int PACK = UploadFixture.GEOMETRY.packBytes();
    private static final ByteString BODY = ByteString.copyFrom(new byte[8192]);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void whatIsSentIsDurableReceiptedCommittedAuditedAndReadBack() throws Exception {
        try (UploadFixture fixture = new UploadFixture(folder, 1);
                UploadSession session = fixture.upload(3)) {
            assertThat(session.head()).isEqualTo(new SiteHead(Hash.ZERO, 0));
            for (int i = 0; i < 6; i++) {
                fixture.send(session, PACK);
            }
            fixture.send(session, PACK / 2);
            session.awaitDurable();
            assertThat(fixture.noted).hasSize(7);
            UploadProgress progress = session.progress();
            assertThat(progress.resentBytes()).isZero();
            assertThat(progress.durableBytes()).isEqualTo(6L * PACK + PACK / 2);

            ByteString stub = fixture.stub(session.head(), BODY);
            CommitResult committed = session.commit(stub, BODY);
            assertThat(committed).isInstanceOf(CommitResult.Committed.class);
            assertThat(session.commit(stub, BODY))
                    .as("the same bytes again get the same answer")
                    .isInstanceOf(CommitResult.Committed.class);
            while (fixture.receipted.size() < 7) {
                Thread.onSpinWait();
            }

            try (RestoreClient reader = fixture.reader()) {
                readBack(fixture, reader);
                Hash manifest = UploadFixture.manifest(stub);
                SnapshotHead head =
                        reader.manifests(fixture.opening.grant().dataset(), 1).get(0);
                assertThat(head)
                        .isEqualTo(
                                new SnapshotHead(fixture.opening.grant().dataset(), 1, manifest, false, head.timeMs()));
                assertThat(head.timeMs()).as("the site's clock").isPositive();
                assertThat(reader.manifest(fixture.opening.grant().dataset(), 1).stub())
                        .isEqualTo(stub);
                assertThat(reader.keyring(0))
                        .isEqualTo(fixture.home.home().newestKeyring().envelope());
            }
            audited(fixture);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void everyByteArrivesThoughTheLineIsCutAtRandomOffsetsAndTheSiteIsStartedAgain(long seed) throws Exception {
        try (UploadFixture fixture = new UploadFixture(folder, seed);
                UploadSession session = fixture.upload(3)) {
            fixture.link.cutBetween(60_000, 250_000);
            fixture.link.cutAll();
            for (int i = 0; i < 8; i++) {
                fixture.send(session, PACK);
                if (i == 4) {
                    fixture.site.stop();
                    fixture.startSite();
                }
            }
            session.awaitDurable();
            fixture.link.calm();
            assertThat(session.commit(fixture.stub(session.head(), BODY), BODY))
                    .isInstanceOf(CommitResult.Committed.class);
            UploadProgress progress = session.progress();
            assertThat(fixture.link.cuts()).isPositive();
            assertThat(progress.resentBytes())
                    .isLessThanOrEqualTo((long) (progress.losses() + 1) * UploadFixture.WINDOW_PACKS * PACK);
            assertThat(fixture.site.failure()).isEqualTo(Optional.empty());
            try (RestoreClient reader = fixture.reader()) {
                readBack(fixture, reader);
            }
        }
    }

    @Test
    void readsGoOnThoughTheLineIsCut() throws Exception {
        try (UploadFixture fixture = new UploadFixture(folder, 21)) {
            try (UploadSession session = fixture.upload(2)) {
                for (int i = 0; i < 4; i++) {
                    fixture.send(session, PACK);
                }
                session.awaitDurable();
            }
            fixture.link.cutBetween(15_000, 200_000);
            try (RestoreClient reader = RestoreClient.open(fixture.home.reader(), new ReadPlan(2, 30, RANDOM))) {
                readBack(fixture, reader);
            }
            assertThat(fixture.link.cuts()).isPositive();
        }
    }

    @Test
    void namesThePacksThatACommitLacks() throws Exception {
        try (UploadFixture fixture = new UploadFixture(folder, 31);
                UploadSession session = fixture.upload(1)) {
            fixture.send(session, PACK);
            session.awaitDurable();
            PackEntry held = fixture.sent.keySet().iterator().next();
            PackEntry absent = new PackEntry(new PackId(1, 2), PACK, Hash.ZERO);
            assertThat(session.status(List.of(held.id(), absent.id())))
                    .isEqualTo(Map.of(held.id(), PackPresence.DURABLE, absent.id(), PackPresence.UNKNOWN));
            ByteString lacking = fixture.stub(session.head(), BODY, PackTable.of(List.of(held, absent)));
            assertThat(session.commit(lacking, BODY)).isEqualTo(new CommitResult.Missing(List.of(absent.id())));
            ByteString stub = fixture.stub(session.head(), BODY);
            assertThat(session.commit(stub, BODY)).isInstanceOf(CommitResult.Committed.class);
            ByteString stale = fixture.stub(session.head(), ByteString.copyFrom(new byte[4096]), PackTable.EMPTY);
            assertThat(session.commit(stale, ByteString.copyFrom(new byte[4096])))
                    .isEqualTo(new CommitResult.Conflict(UploadFixture.manifest(stub), 1));
        }
    }

    @Test
    void aSecondSessionOfTheSameDatasetIsLockedOut() throws Exception {
        try (UploadFixture fixture = new UploadFixture(folder, 41);
                UploadSession first = fixture.upload(1)) {
            assertThat(first.head().sequence()).isZero();
            refused(
                    Fault.LOCKED,
                    () -> UploadSession.open(
                            fixture.home.appender(),
                            fixture.home.session(),
                            UploadPlan.of(0, RANDOM),
                            new UploadSession.Listeners((entry, chunks, until) -> {}, (receipt, packs) -> {})));
        }
    }

    @Test
    void aSiteThatIsNotThereIsUnreachableAtOnce() throws Exception {
        try (UploadFixture fixture = new UploadFixture(folder, 51)) {
            int nobody;
            try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                nobody = taken.getLocalPort();
            }
            SiteEndpoint elsewhere = at(fixture.home.site(), nobody);
            refused(
                    Fault.SITE_UNREACHABLE,
                    () -> RestoreClient.open(
                            fixture.home.client(elsewhere, fixture.home.home().auditCredential()),
                            ReadPlan.of(RANDOM)));
        }
    }

    @Test
    void whateverAnswersWithoutTlsIsRefused() throws Exception {
        try (UploadFixture fixture = new UploadFixture(folder, 61);
                ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> answer = CompletableFuture.runAsync(() -> {
                try (Socket client = other.accept()) {
                    client.getOutputStream()
                            .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    client.getInputStream().readAllBytes();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            SiteEndpoint elsewhere = at(fixture.home.site(), other.getLocalPort());
            refused(
                    Fault.PEER_REFUSED,
                    () -> RestoreClient.open(
                            fixture.home.client(elsewhere, fixture.home.home().auditCredential()),
                            ReadPlan.of(RANDOM)));
            answer.join();
        }
    }

    @Test
    void aSiteWithAnotherKeyIsRefused() throws Exception {
        try (UploadFixture fixture = new UploadFixture(folder, 71)) {
            SiteEndpoint real = fixture.home.site();
            SiteEndpoint pinned = new SiteEndpoint(
                    real.address(),
                    new Hash(1, 2, 3, 4),
                    real.notAfter(),
                    real.terms(),
                    real.siteGrant(),
                    real.keyring());
            refused(
                    Fault.PEER_REFUSED,
                    () -> RestoreClient.open(
                            fixture.home.client(pinned, fixture.home.home().auditCredential()), ReadPlan.of(RANDOM)));
        }
    }

    @Test
    void anAuditorMayNotReadPacks() throws Exception {
        try (UploadFixture fixture = new UploadFixture(folder, 81);
                UploadSession session = fixture.upload(1)) {
            fixture.send(session, PACK);
            session.awaitDurable();
            PackEntry pack = fixture.sent.keySet().iterator().next();
            try (RestoreClient auditor = RestoreClient.open(fixture.home.auditor(), ReadPlan.of(RANDOM))) {
                refused(Fault.PEER_REFUSED, () -> UploadFixture.read(auditor, pack));
            }
        }
    }

    private static void readBack(UploadFixture fixture, RestoreClient reader) throws Exception {
        for (Map.Entry<PackEntry, byte[]> pack : fixture.sent.entrySet()) {
            assertThat(UploadFixture.read(reader, pack.getKey()))
                    .as("pack %s", pack.getKey().id())
                    .isEqualTo(pack.getValue());
        }
    }

    private static void audited(UploadFixture fixture) throws Exception {
        try (RestoreClient auditor = RestoreClient.open(fixture.home.auditor(), ReadPlan.of(RANDOM))) {
            Map<PackId, Hash> roots = new HashMap<>();
            fixture.sent.keySet().forEach(entry -> roots.put(entry.id(), entry.root()));
            PackId after = null;
            boolean more = true;
            while (more) {
                AuditPage page = auditor.audit(fixture.opening.grant().dataset(), after, 3);
                for (AuditPage.Pack pack : page.packs()) {
                    assertThat(pack.sound()).isTrue();
                    assertThat(pack.root()).contains(roots.remove(pack.id()));
                    after = pack.id();
                }
                more = page.more();
            }
            assertThat(roots).isEmpty();
        }
    }

    private static SiteEndpoint at(SiteEndpoint site, int port) {
        return new SiteEndpoint(
                new SiteAddress("127.0.0.1", port),
                site.tlsSpki(),
                site.notAfter(),
                site.terms(),
                site.siteGrant(),
                site.keyring());
    }

    private static void refused(Fault fault, ThrowingCallable attempt) {
        assertThatThrownBy(attempt)
                .isInstanceOfSatisfying(
                        FaultException.class,
                        e -> assertThat(e.fault()).as(e.getMessage()).isEqualTo(fault));
    }
}
