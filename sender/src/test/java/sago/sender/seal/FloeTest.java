package sago.sender.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.secret.KernelRandom;
import sago.common.secret.SecretBytes;

/** What an attacker may do to a message, and what a caller may do wrong. Segments of 48 bytes hold 16 of plaintext. */
final class FloeTest {
    private static final int SEGMENT_BYTES = 48;
    private static final int FULL = SEGMENT_BYTES - FloeParameters.SEGMENT_OVERHEAD_BYTES;
    private static final int HEADER = FloeParameters.HEADER_BYTES;
    private static final byte[] AAD = {1, 2, 3};

    private final AeadProvider provider = AeadProviders.available().get(0);
    private final SecureRandom random = KernelRandom.create();
    private final SecretBytes key = SecretBytes.random(32, random);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, FULL - 1, FULL, FULL + 1, 2 * FULL, 2 * FULL + 1, 100 * FULL})
    void opensWhatItSealed(int length) throws FaultException {
        byte[] plain = bytes(length);
        byte[] sealed = seal(plain);
        assertThat(sealed).hasSize(HEADER + length + 32 * Math.max(1, (length + FULL - 1) / FULL));
        assertThat(open(sealed)).isEqualTo(plain);
    }

    @Test
    void sealsTheSameTextDifferentlyEachTime() {
        assertThat(seal(bytes(FULL))).isNotEqualTo(seal(bytes(FULL)));
    }

    @Test
    void refusesEveryFlippedBit() {
        byte[] sealed = seal(bytes(2 * FULL + 5));
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            sealed[bit / 8] ^= (byte) (1 << (bit % 8));
            refused(() -> open(sealed));
            sealed[bit / 8] ^= (byte) (1 << (bit % 8));
        }
    }

    @Test
    void refusesEveryTruncationAndExtension() {
        byte[] sealed = seal(bytes(3 * FULL));
        for (int length = 0; length < sealed.length; length++) {
            byte[] cut = Arrays.copyOf(sealed, length);
            refused(() -> open(cut));
        }
        for (int more : new int[] {1, 31, 32, SEGMENT_BYTES, 2 * SEGMENT_BYTES}) {
            refused(() -> open(Arrays.copyOf(sealed, sealed.length + more)));
        }
    }

    @Test
    void refusesSegmentsInAnotherOrder() {
        byte[] sealed = seal(bytes(4 * FULL));
        for (int[] order :
                new int[][] {{1, 0, 2, 3}, {0, 2, 1, 3}, {0, 0, 1, 3}, {0, 1, 3}, {0, 1, 2, 2, 3}, {0, 1, 2}}) {
            refused(() -> open(reorder(sealed, order)));
        }
    }

    @Test
    void refusesSegmentOfAnotherMessageOfTheSameKey() throws FaultException {
        byte[] mine = seal(bytes(3 * FULL));
        byte[] other = seal(bytes(3 * FULL));
        System.arraycopy(other, HEADER + SEGMENT_BYTES, mine, HEADER + SEGMENT_BYTES, SEGMENT_BYTES);
        refused(() -> open(mine));
        assertThat(open(other)).isEqualTo(bytes(3 * FULL));
    }

    @Test
    void refusesWrongPositionAndLastFlag() throws FaultException {
        byte[] sealed = seal(bytes(2 * FULL));
        ByteBuffer plain = ByteBuffer.allocate(FULL);
        try (FloeOpener opener = opener(key, AAD, sealed)) {
            Aead aead = provider.aead();
            ByteBuffer inner = ByteBuffer.wrap(sealed, HEADER, SEGMENT_BYTES);
            ByteBuffer last = ByteBuffer.wrap(sealed, HEADER + SEGMENT_BYTES, SEGMENT_BYTES);
            refused(() -> opener.open(aead, 1, false, inner.duplicate(), plain));
            refused(() -> opener.open(aead, 1L << 20, false, inner.duplicate(), plain));
            refused(() -> opener.open(aead, 0, true, inner.duplicate(), plain));
            refused(() -> opener.open(aead, 0, true, last.duplicate(), plain));
            refused(() -> opener.open(aead, 1, false, last.duplicate(), plain));
            assertThat(plain.position()).isZero();
            opener.open(aead, 1, true, last, plain);
            opener.open(aead, 0, false, inner, plain.clear());
            assertThat(plain.flip()).isEqualTo(ByteBuffer.wrap(bytes(2 * FULL), 0, FULL));
        }
    }

    /** The marker alone does not make a segment an inner one or the last: the flag is authenticated too. */
    @Test
    void refusesLastFlagThatIsChangedTogetherWithItsMarker() throws FaultException {
        byte[] sealed = seal(bytes(2 * FULL));
        try (FloeOpener opener = opener(key, AAD, sealed)) {
            ByteBuffer last = ByteBuffer.wrap(sealed, HEADER + SEGMENT_BYTES, SEGMENT_BYTES)
                    .slice();
            last.putInt(0, FloeParameters.MARKER);
            refused(() -> opener.open(provider.aead(), 1, false, last, ByteBuffer.allocate(FULL)));
            ByteBuffer inner = ByteBuffer.wrap(sealed, HEADER, SEGMENT_BYTES).slice();
            inner.putInt(0, SEGMENT_BYTES);
            refused(() -> opener.open(provider.aead(), 0, true, inner, ByteBuffer.allocate(FULL)));
        }
    }

    @Test
    void refusesOtherKeyAssociatedDataAndSegmentLengthByTheHeader() {
        byte[] sealed = seal(bytes(FULL));
        byte[] header = Arrays.copyOf(sealed, HEADER);
        SecretBytes otherKey = SecretBytes.random(32, random);
        refused(() -> opener(otherKey, AAD, sealed));
        refused(() -> opener(key, new byte[] {1, 2}, sealed));
        refused(() -> new FloeOpener(key, AAD, SEGMENT_BYTES + 1, header));
        refused(() -> new FloeOpener(key, AAD, SEGMENT_BYTES, Arrays.copyOf(header, HEADER - 1)));
        refused(() -> new FloeOpener(key, AAD, SEGMENT_BYTES, Arrays.copyOf(header, HEADER + 1)));
    }

    @Test
    void showsNothingOfRefusedSegment() throws FaultException {
        byte[] sealed = seal(bytes(FULL));
        sealed[sealed.length - 1] ^= 1;
        ByteBuffer plain = ByteBuffer.allocate(FULL);
        try (FloeOpener opener = opener(key, AAD, sealed)) {
            refused(() -> opener.open(provider.aead(), 0, true, ByteBuffer.wrap(sealed, HEADER, SEGMENT_BYTES), plain));
        }
        assertThat(plain.position()).isZero();
        assertThat(plain.array()).containsOnly(0);
    }

    @Test
    void derivesAnotherKeyForEveryBlockOfSegments() throws FaultException {
        FloeParameters parameters = new FloeParameters(SEGMENT_BYTES, 1);
        ByteBuffer sealed = ByteBuffer.allocate(5 * SEGMENT_BYTES);
        byte[] header;
        try (FloeSealer sealer = new FloeSealer(key, AAD, parameters, random, provider.aead())) {
            header = sealer.header();
            for (int i = 0; i < 5; i++) {
                sealer.seal(ByteBuffer.wrap(bytes(FULL)), i == 4, sealed);
            }
        }
        byte[] iv = Arrays.copyOfRange(header, FloeParameters.BYTES, FloeParameters.BYTES + FloeParameters.IV_BYTES);
        FloeKeys keys = new FloeKeys(key, parameters, iv, AAD);
        assertThat(List.of(keys.block(0), keys.block(1), keys.block(2), keys.block(3), keys.block(4)))
                .containsExactly(0L, 0L, 2L, 2L, 4L);
        assertThat(keys.segmentKey(0)).isNotEqualTo(keys.segmentKey(2));
        try (FloeOpener opener = new FloeOpener(key, AAD, parameters, header)) {
            for (int i : new int[] {4, 0, 3, 1, 2}) {
                ByteBuffer plain = ByteBuffer.allocate(FULL);
                ByteBuffer segment = ByteBuffer.wrap(sealed.array(), i * SEGMENT_BYTES, SEGMENT_BYTES);
                opener.open(provider.aead(), i, i == 4, segment, plain);
                assertThat(plain.array()).isEqualTo(bytes(FULL));
            }
        }
    }

    @Test
    void opensFromManyThreadsAtOnce() throws Exception {
        FloeParameters parameters = new FloeParameters(SEGMENT_BYTES, 1);
        ByteBuffer sealed = ByteBuffer.allocate(16 * SEGMENT_BYTES);
        byte[] header;
        try (FloeSealer sealer = new FloeSealer(key, AAD, parameters, random, provider.aead())) {
            header = sealer.header();
            for (int i = 0; i < 16; i++) {
                sealer.seal(ByteBuffer.wrap(bytes(FULL)), i == 15, sealed);
            }
        }
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (FloeOpener opener = new FloeOpener(key, AAD, parameters, header)) {
            List<Callable<Boolean>> readers = Collections.nCopies(4, () -> {
                Aead aead = provider.aead();
                ByteBuffer plain = ByteBuffer.allocate(FULL);
                for (int i = 0; i < 1000; i++) {
                    int position = (i * 7) % 16;
                    ByteBuffer segment = ByteBuffer.wrap(sealed.array(), position * SEGMENT_BYTES, SEGMENT_BYTES);
                    opener.open(aead, position, position == 15, segment, plain.clear());
                }
                return Arrays.equals(plain.array(), bytes(FULL));
            });
            for (Future<Boolean> reader : threads.invokeAll(readers)) {
                assertThat(reader.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void opensAndSealsNothingOnceClosed() throws FaultException {
        byte[] sealed = seal(bytes(FULL));
        FloeOpener opener = opener(key, AAD, sealed);
        opener.close();
        ByteBuffer segment = ByteBuffer.wrap(sealed, HEADER, SEGMENT_BYTES);
        assertThatThrownBy(() -> opener.open(provider.aead(), 0, true, segment, ByteBuffer.allocate(FULL)))
                .isInstanceOf(IllegalStateException.class);
        FloeSealer sealer = sealer();
        sealer.close();
        assertThatThrownBy(() -> sealer.seal(ByteBuffer.allocate(0), true, ByteBuffer.allocate(SEGMENT_BYTES)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void sealsNothingAfterTheLastSegment() {
        FloeSealer sealer = sealer();
        sealer.seal(ByteBuffer.allocate(0), true, ByteBuffer.allocate(SEGMENT_BYTES));
        assertThatThrownBy(() -> sealer.seal(ByteBuffer.allocate(0), true, ByteBuffer.allocate(SEGMENT_BYTES)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void sealsNothingAfterFailure() {
        ByteBuffer readOnly = ByteBuffer.allocate(SEGMENT_BYTES).asReadOnlyBuffer();
        FloeSealer sealer = sealer();
        assertThatThrownBy(() -> sealer.seal(ByteBuffer.allocate(FULL), false, readOnly))
                .isInstanceOf(ReadOnlyBufferException.class);
        assertThatThrownBy(() -> sealer.seal(ByteBuffer.allocate(FULL), false, ByteBuffer.allocate(SEGMENT_BYTES)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesSegmentsOfWrongLengthToSeal() {
        ByteBuffer target = ByteBuffer.allocate(2 * SEGMENT_BYTES);
        for (int length : new int[] {0, FULL - 1, FULL + 1}) {
            assertThatThrownBy(() -> sealer().seal(ByteBuffer.allocate(length), false, target))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> sealer().seal(ByteBuffer.allocate(FULL + 1), true, target))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sealer().seal(ByteBuffer.allocate(FULL), true, ByteBuffer.allocate(SEGMENT_BYTES - 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(target.position()).isZero();
    }

    private FloeSealer sealer() {
        return new FloeSealer(key, AAD, SEGMENT_BYTES, random, provider.aead());
    }

    private byte[] seal(byte[] plain) {
        try (FloeSealer sealer = sealer()) {
            return FloeMessages.seal(sealer, plain);
        }
    }

    private byte[] open(byte[] sealed) throws FaultException {
        return FloeMessages.open(key, AAD, SEGMENT_BYTES, sealed, provider.aead());
    }

    private static FloeOpener opener(SecretBytes key, byte[] aad, byte[] sealed) throws FaultException {
        return new FloeOpener(key, aad, SEGMENT_BYTES, Arrays.copyOf(sealed, HEADER));
    }

    private static byte[] reorder(byte[] sealed, int[] order) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.write(sealed, 0, HEADER);
        for (int segment : order) {
            message.write(sealed, HEADER + segment * SEGMENT_BYTES, SEGMENT_BYTES);
        }
        return message.toByteArray();
    }

    private static void refused(ThrowingCallable opening) {
        assertThatThrownBy(opening)
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.INTEGRITY));
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
