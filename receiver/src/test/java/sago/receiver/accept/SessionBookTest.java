package sago.receiver.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SessionId;
import sago.common.id.SiteId;
import sago.common.id.VaultId;
import sago.common.pack.PackGeometry;
import sago.common.protocol.Frame;
import sago.common.time.Clock;
import sago.common.trust.SessionTerms;
import sago.receiver.serve.Client;

final class SessionBookTest {
    private static final Hash SENDER = hash(1);
    private static final Hash OTHER_SENDER = hash(2);

    private final SessionBook book = new SessionBook(new SecureRandom(), Clock.system());
    private final SessionTerms first = session(1);
    private final SessionTerms second = session(2);

    /** A connection whose client may fall silent. */
    private static final class Connected implements Client {
        final List<FaultException> faults = new ArrayList<>();
        boolean silent;

        @Override
        public void send(Frame frame) {
            frame.release();
        }

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public boolean isSilent() {
            return silent;
        }

        @Override
        public void fail(FaultException fault) {
            faults.add(fault);
        }
    }

    private final Connected one = new Connected();
    private final Connected two = new Connected();
    private final Connected three = new Connected();

    private static Hash hash(int value) {
        byte[] bytes = new byte[Hash.BYTES];
        Arrays.fill(bytes, (byte) value);
        return Hash.of(bytes);
    }

    private static SessionTerms session(int number) {
        return new SessionTerms(
                new VaultId(1, 1),
                new DatasetId(2, 2),
                new SessionId(3, number),
                new SiteId(4, 4),
                ByteString.copyFrom(new byte[SessionTerms.NONCE_BYTES]),
                hash(9),
                1,
                PackGeometry.DEFAULT);
    }

    private static void assertLocked(ThrowingCallable open) {
        assertThatExceptionOfType(FaultException.class)
                .isThrownBy(open)
                .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.LOCKED));
    }

    @Test
    void refusesASecondSessionAtOnceWhileTheFirstLives() throws Exception {
        book.open(first, SENDER, one);

        assertLocked(() -> book.open(second, SENDER, two));
        assertLocked(() -> book.open(second, OTHER_SENDER, two));
        assertThat(one.faults).isEmpty();
    }

    @Test
    void theLeaseIsFreeWithTheLastConnection() throws Exception {
        LiveSession live = book.open(first, SENDER, one);
        book.open(first, SENDER, two);
        book.leave(live, one);
        assertLocked(() -> book.open(second, OTHER_SENDER, three));

        book.leave(live, two);

        book.open(second, OTHER_SENDER, three);
        assertThat(book.replacedBy(second)).contains(first.session());
    }

    @Test
    void aSenderTakesTheLeaseFromItsOwnSessionOnceThatIsSilent() throws Exception {
        LiveSession dead = book.open(first, SENDER, one);
        book.attach(first.dataset(), first.session(), SENDER, dead.attachToken(), two);
        one.silent = true;
        assertLocked(() -> book.open(second, SENDER, three));
        two.silent = true;

        LiveSession live = book.open(second, SENDER, three);

        assertThat(one.faults)
                .singleElement()
                .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.LOCKED));
        assertThat(two.faults).hasSize(1);
        assertThat(book.live(first.dataset())).isSameAs(live);
        assertThat(book.replacedBy(second)).contains(first.session());
    }

    @Test
    void anotherSenderNeverTakesTheLeaseFromASilentOne() throws Exception {
        book.open(first, SENDER, one);
        one.silent = true;

        assertLocked(() -> book.open(second, OTHER_SENDER, two));
        assertThat(one.faults).isEmpty();
    }

    @Test
    void whatASupersededSessionLeavesBehindDoesNotTouchItsSuccessor() throws Exception {
        LiveSession dead = book.open(first, SENDER, one);
        one.silent = true;
        LiveSession live = book.open(second, SENDER, two);
        assertThat(book.replacedBy(second)).isPresent();

        book.leave(dead, one);

        assertThat(book.live(first.dataset())).isSameAs(live);
        assertThat(book.replacedBy(second)).isEqualTo(Optional.empty());
        one.silent = false;
        assertLocked(() -> book.open(first, SENDER, one));
        assertThatExceptionOfType(FaultException.class)
                .isThrownBy(() -> book.attach(first.dataset(), first.session(), SENDER, dead.attachToken(), one))
                .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.NO_SESSION));
    }
}
