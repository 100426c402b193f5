package sago.sender.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.net.TlsFaults;
import sago.common.pack.PackEntry;
import sago.common.pack.PackGeometry;
import sago.common.proto.Commit;
import sago.common.proto.Opened;
import sago.common.proto.ReceiptIssued;
import sago.common.proto.SiteState;
import sago.common.protocol.FrameType;
import sago.common.protocol.MessageFrame;
import sago.common.protocol.SiteCondition;
import sago.sender.pack.PackImage;

/** The session under simulated time; every random run prints its seed when it fails. */
class SessionControlTest {
    private static final int S = 8192;
    private static final PackGeometry GEOMETRY = new PackGeometry(S, 4 * S);
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final SimulatedTime time = new SimulatedTime();
    private final Map<PackId, byte[]> sent = new HashMap<>();
    private final Map<PackId, Integer> noted = new HashMap<>();

    private Random random = new Random(1);
    private Window window = new Window(GEOMETRY.packBytes(), 3L * GEOMETRY.packBytes());
    private Transmitter transmitter = new Transmitter(GEOMETRY, window, TransmitterTest.unlimited());
    private SimulatedSite site = new SimulatedSite(time, random, GEOMETRY, transmitter);
    private SessionControl control = control(UploadPlan.NEVER_NS);

    @Test
    void connectsWithAsManyConnectionsAsPlanned() {
        open();
        assertThat(control.state()).isEqualTo(UploadState.STREAMING);
        assertThat(control.links()).hasSize(3);
        assertThat(site.opens).isEqualTo(1);
        assertThat(site.attaches).isEqualTo(2);
    }

    @Test
    void preparesTheOtherConnectionsWhileTheFirstOneOpensTheSession() throws Exception {
        site.reachedNs = 100 * MS;
        CompletableFuture<Opened> opened = control.start();
        time.run(MS * 3 / 4);
        assertThat(opened).isNotDone();
        assertThat(site.prepares).as("before the session is open").isEqualTo(2);
        time.run(SECOND);
        assertThat(control.links()).hasSize(3);
        assertThat(site.attaches).isEqualTo(2);
        assertThat(site.waiters).isEmpty();
        assertThat(site.prepares).isEqualTo(2);
    }

    @Test
    void closesWhatItPreparedForASessionThatCannotBeOpened() {
        site.reachedNs = 100 * MS;
        site.openFault = new FaultException(Fault.LOCKED, "another session has it");
        CompletableFuture<Opened> opened = control.start();
        time.run(SECOND);
        assertThat(opened).isCompletedExceptionally();
        assertThat(site.prepares).isEqualTo(2);
        assertThat(site.waiters).isEmpty();
        assertThat(site.attaches).isZero();
    }

    @Test
    void aConnectionThatEndedWhileItWaitedIsMadeAgain() throws Exception {
        site.reachedNs = 100 * MS;
        site.loseWaiters = 2;
        open();
        time.run(20 * SECOND);
        assertThat(control.links()).hasSize(3);
        assertThat(site.prepares).isEqualTo(4);
        seal(2);
        time.run(SECOND);
        assertThat(site.durable).hasSize(2);
    }

    @Test
    void failsAtOnceWhenTheFirstConnectionFails() {
        site.dialFaults.add(new FaultException(Fault.SITE_UNREACHABLE, "refused"));
        CompletableFuture<Opened> opened = control.start();
        time.run(SECOND);
        assertThat(control.state()).isEqualTo(UploadState.FAILED);
        assertThatThrownBy(opened::get)
                .cause()
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.SITE_UNREACHABLE));
        assertThat(site.opens).isEqualTo(1);
    }

    @Test
    void connectsAgainForEverOnceItWasOpen() throws Exception {
        open();
        for (int i = 0; i < 50; i++) {
            site.dialFaults.add(new FaultException(Fault.SITE_UNREACHABLE, "refused"));
        }
        site.restart();
        time.run(2 * SECOND);
        assertThat(control.state()).isEqualTo(UploadState.RECONNECTING);
        seal(2);
        time.run(700 * SECOND);
        assertThat(control.state()).isEqualTo(UploadState.STREAMING);
        assertThat(site.durable).hasSize(2);
    }

    @Test
    void givesUpWhenItWasToldWhen() {
        control = control(30 * SECOND);
        open();
        for (int i = 0; i < 500; i++) {
            site.dialFaults.add(refused());
        }
        site.cutAll();
        time.run(25 * SECOND);
        assertThat(control.state()).isEqualTo(UploadState.RECONNECTING);
        assertThat(Objects.requireNonNull(control.waiting()).text("sg"))
                .isEqualTo("sg away for 25 s (connection refused), trying again");
        time.run(6 * SECOND);
        assertThat(control.state()).isEqualTo(UploadState.FAILED);
        assertThatThrownBy(() -> window.acquire())
                .hasMessageContaining("gave up after 30 s: the site is away (connection refused)")
                .extracting("fault")
                .isEqualTo(Fault.INTERRUPTED);
    }

    @Test
    void anOutageThatEndsInTimeDoesNotCountForTheNext() throws Exception {
        control = control(30 * SECOND);
        open();
        for (int i = 0; i < 4; i++) {
            for (int refusals = 0; refusals < 6; refusals++) {
                site.dialFaults.add(refused());
            }
            site.cutAll();
            time.run(SECOND);
            assertThat(control.waiting()).isNotNull();
            time.run(25 * SECOND);
            assertThat(control.waiting()).isNull();
        }
        seal(2);
        assertThat(control.state()).isEqualTo(UploadState.STREAMING);
    }

    @Test
    void whatAnswersInPlaceOfTheSiteDoesNotEndTheSession() throws Exception {
        open();
        for (int i = 0; i < 5; i++) {
            site.dialFaults.add(TlsFaults.of(new DecoderException(new SSLException("NOT AN SSL/TLS RECORD: 48"))));
            site.dialFaults.add(TlsFaults.of(new SSLException(new CertificateException("another key"))));
            site.dialFaults.add(TlsFaults.of(new DecoderException(new DecoderException(new IOException("reset")))));
        }
        site.restart();
        time.run(3 * SECOND);
        assertThat(Objects.requireNonNull(control.waiting()).kind()).isEqualTo(Waiting.Kind.SITE_AWAY);
        time.run(300 * SECOND);
        seal(2);
        assertThat(site.durable).hasSize(2);
    }

    @Test
    void aSiteThatRefusesUsEndsTheSession() {
        open();
        site.dialFaults.add(new FaultException(Fault.PEER_REFUSED, "site sg (a:1) says: the grant was taken back"));
        site.cutAll();
        time.run(5 * SECOND);
        assertThat(control.state()).isEqualTo(UploadState.FAILED);
    }

    @Test
    void aDatasetThatItsOwnDeadConnectionsHoldIsWaitedFor() throws Exception {
        open();
        for (int i = 0; i < 8; i++) {
            site.dialFaults.add(new FaultException(Fault.LOCKED, "site sg (a:1) says: another session has it"));
        }
        site.restart();
        time.run(5 * SECOND);
        assertThat(Objects.requireNonNull(control.waiting()).text("sg")).contains("(another session has it)");
        time.run(100 * SECOND);
        seal(1);
        assertThat(site.durable).hasSize(1);
    }

    @Test
    void aFullSiteIsWaitedForAndGivenUpInTime() {
        control = control(30 * SECOND);
        open();
        control.siteState(siteState(SiteCondition.FULL));
        time.run(20 * SECOND);
        assertThat(Objects.requireNonNull(control.waiting()).text("sg")).isEqualTo("sg is full: waiting for room");
        control.siteState(siteState(SiteCondition.OK));
        time.run(20 * SECOND);
        assertThat(control.waiting()).isNull();
        assertThat(control.state()).isEqualTo(UploadState.STREAMING);
        control.siteState(siteState(SiteCondition.FULL));
        time.run(31 * SECOND);
        assertThat(control.state()).isEqualTo(UploadState.FAILED);
        assertThatThrownBy(() -> window.acquire())
                .hasMessageContaining("the site is full")
                .extracting("fault")
                .isEqualTo(Fault.INTERRUPTED);
    }

    @Test
    void whatTheSiteGaveUpOfSessionsBeforeIsKnown() {
        site.discardedBytes = 12_345;
        open();
        site.discardedBytes = 99;
        site.restart();
        time.run(60 * SECOND);
        assertThat(control.discardedBytes()).isEqualTo(12_345);
    }

    private static FaultException refused() {
        return new FaultException(
                Fault.SITE_UNREACHABLE, "site sg (a:1) cannot be reached: connection refused; is it running?");
    }

    private static SiteState siteState(SiteCondition condition) {
        return SiteState.newBuilder().setState(condition.wireId()).build();
    }

    @Test
    void endsWithAFaultThatTryingAgainDoesNotCure() {
        open();
        site.dialFaults.add(new FaultException(Fault.POLICY, "class not allowed"));
        site.cutAll();
        time.run(5 * SECOND);
        assertThat(control.state()).isEqualTo(UploadState.FAILED);
        assertThatThrownBy(transmitter::awaitSettled)
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.POLICY));
    }

    @Test
    void opensAnewWhenTheSiteNoLongerKnowsTheSession() throws Exception {
        open();
        seal(2);
        site.restart();
        time.run(60 * SECOND);
        assertThat(site.opens).isGreaterThan(1);
        assertThat(control.links()).hasSize(3);
        assertThat(site.durable).hasSize(2);
        transmitter.awaitSettled();
    }

    @Test
    void sendsTheSameCommitAgainWhenItsAnswerWasLost() throws Exception {
        open();
        site.cutAtCommit = true;
        Commit commit =
                Commit.newBuilder().setStub(ByteString.copyFromUtf8("stub")).build();
        CompletableFuture<MessageFrame> answer = control.askCommit(link -> link.commit(commit));
        time.run(SECOND / 100);
        assertThat(control.state()).isEqualTo(UploadState.COMMITTING);
        time.run(20 * SECOND);
        assertThat(answer.get().type()).isEqualTo(FrameType.COMMITTED);
        assertThat(site.commits).containsExactly(commit, commit);
        assertThat(control.state()).isEqualTo(UploadState.STREAMING);
    }

    @Test
    void endsEveryWaitWhenItIsClosed() {
        open();
        site.dialFaults.add(new FaultException(Fault.SITE_UNREACHABLE, "refused"));
        site.cutAll();
        time.run(SECOND);
        CompletableFuture<MessageFrame> answer = control.askCommit(link -> link.commit(Commit.getDefaultInstance()));
        CompletableFuture<Void> over = control.close();
        time.run(SECOND);
        assertThat(over).isCompleted();
        assertThat(control.state()).isEqualTo(UploadState.DONE);
        assertThat(answer).isCompletedExceptionally();
        time.run(100 * SECOND);
        assertThat(control.links()).isEmpty();
    }

    @Test
    void theConnectionsThatAreLeftTakeOverAtOnce() throws Exception {
        open();
        for (int i = 0; i < 50; i++) {
            site.dialFaults.add(new FaultException(Fault.SITE_UNREACHABLE, "refused"));
        }
        sealOne();
        sealOne();
        time.run(SECOND / 200);
        site.cutOne();
        site.cutOne();
        time.run(10 * SECOND);
        assertThat(control.links()).hasSize(1);
        assertThat(site.durable).hasSize(2);
        assertThat(transmitter.counters().resentBytes()).isPositive();
    }

    @Test
    void resendsNothingWhereNoConnectionIsLost() throws Exception {
        open();
        seal(20);
        assertThat(site.durable).hasSize(20);
        assertThat(transmitter.counters().resentBytes()).isZero();
    }

    @Test
    void resendsAtMostOneWindowPerLossAndNeverADurablePack() throws Exception {
        open();
        int losses = 10;
        for (int i = 0; i < losses; i++) {
            seal(2);
            site.restart();
        }
        seal(2);
        assertThat(site.durable).hasSize(2 * losses + 2);
        assertThat(transmitter.counters().resentBytes())
                .isLessThanOrEqualTo((long) losses * window.imagesMax() * GEOMETRY.packBytes());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void deliversEveryByteThroughCutsStallsAndRestarts(long firstSeed) throws Exception {
        for (long seed = firstSeed * 1000; seed < firstSeed * 1000 + 10; seed++) {
            try {
                simulate(seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private void simulate(long seed) throws Exception {
        random = new Random(seed);
        window = new Window(GEOMETRY.packBytes(), 3L * GEOMETRY.packBytes());
        transmitter = new Transmitter(GEOMETRY, window, TransmitterTest.unlimited());
        site = new SimulatedSite(time, random, GEOMETRY, transmitter);
        site.reachedNs = seed % 2 == 0 ? MS : -1;
        control = control(UploadPlan.NEVER_NS);
        sent.clear();
        noted.clear();
        open();
        disturb(20);
        seal(15);
        assertThat(site.durable.keySet()).isEqualTo(sent.keySet());
        site.durable.forEach((id, bytes) -> assertThat(bytes).as("pack %s", id).isEqualTo(sent.get(id)));
        assertThat(noted.values()).allMatch(times -> times == 1);
        time.run(60 * SECOND);
        assertThat(window.used()).as("every image is free").isZero();
        assertThat(control.state()).isEqualTo(UploadState.STREAMING);
        CompletableFuture<Void> over = control.close();
        time.run(10 * SECOND);
        assertThat(over).isCompleted();
    }

    private void disturb(int left) {
        if (left > 0) {
            time.schedule(
                    () -> {
                        switch (random.nextInt(6)) {
                            case 0 -> site.restart();
                            case 1 -> site.cutAll();
                            case 2 -> site.dialFaults.add(new FaultException(Fault.TIMEOUT, "slow"));
                            default -> site.cutOne();
                        }
                        disturb(left - 1);
                    },
                    random.nextInt(1000) * SECOND / 1000);
        }
    }

    /** Opens the session, lets it connect, and checks that it did. */
    private void open() {
        CompletableFuture<Opened> opened = control.start();
        time.run(SECOND);
        assertThat(opened).isCompleted();
    }

    /** Seals packs of random bytes as the window allows, and runs until all of them are noted. */
    private void seal(int packs) throws Exception {
        int goal = sent.size() + packs;
        for (int steps = 0; noted.size() < goal; steps++) {
            if (steps > 500_000) {
                throw new AssertionError("no progress: " + control.state() + ", noted " + noted.size() + " of " + goal);
            }
            if (sent.size() < goal && window.used() < window.imagesMax()) {
                sealOne();
            }
            if (!time.step()) {
                throw new AssertionError("nothing is left to do: " + control.state() + ", noted " + noted.size());
            }
        }
        transmitter.awaitSettled();
    }

    private void sealOne() throws FaultException, InterruptedException {
        PackId id = new PackId(random.nextLong(), random.nextLong());
        ByteBuffer buffer = window.acquire();
        byte[] bytes = new byte[GEOMETRY.packBytes()];
        random.nextBytes(bytes);
        PackImage image = new PackImage(id, buffer);
        sent.put(id, bytes);
        for (int i = 0; i < 4; i++) {
            buffer.put(i * S, bytes, i * S, S);
            transmitter.sliceReady(image, i);
        }
        transmitter.complete(image, new PackEntry(id, bytes.length, Hash.ZERO), List.of());
    }

    private SessionControl control(long giveUpAfterNs) {
        UploadPlan plan = new UploadPlan(
                GEOMETRY, Streams.of(3), 0, giveUpAfterNs, RateSource.UNLIMITED, new SeededRandom(random.nextLong()));
        return new SessionControl(time, time, site, transmitter, new SimulatedHome(), plan);
    }

    /** Notes acknowledgements a little later, as a disk would. */
    private final class SimulatedHome implements AcknowledgementSink {
        private final Transmitter noting = transmitter;

        @Override
        public void durable(OutboundPack pack, long keepUntil) {
            assertThat(keepUntil).isEqualTo(1000);
            time.schedule(
                    () -> {
                        noted.merge(pack.image().id(), 1, Integer::sum);
                        noting.settled(pack);
                    },
                    random.nextInt(20) * SECOND / 1000);
        }

        @Override
        public void receipt(ReceiptIssued receipt) {
            throw new AssertionError("the simulated site issues none");
        }
    }

    /** SecureRandom is what production takes; this one repeats itself. */
    private static final class SeededRandom extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final transient Random random;

        SeededRandom(long seed) {
            this.random = new Random(seed);
        }

        @Override
        public void nextBytes(byte[] bytes) {
            random.nextBytes(bytes);
        }

        @Override
        public long nextLong() {
            return random.nextLong();
        }
    }
}
