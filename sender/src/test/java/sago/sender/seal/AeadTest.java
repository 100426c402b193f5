package sago.sender.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.secret.SecretBytes;
import sago.common.testing.Tally;
import sago.common.testing.Vectors;

/** One suite for every provider that this platform has, over every kind of buffer. */
final class AeadTest {
    private static final byte[] IV = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    private static final byte[] AAD = {13, 14, 15};
    private static final SecretBytes KEY = SecretBytes.of(random(Aead.KEY_BYTES));
    private static final List<IntFunction<ByteBuffer>> KINDS = List.of(
            ByteBuffer::allocate,
            ByteBuffer::allocateDirect,
            length -> ByteBuffer.allocate(length + 9).position(5).slice().limit(length));

    static List<AeadProvider> providers() {
        return AeadProviders.available();
    }

    @Test
    void findsConscryptAndSunJceOnThisPlatform() {
        assertThat(providers()).hasSize(2);
        assertThat(providers().get(0).name()).startsWith("Conscrypt");
        assertThat(providers().get(1).name()).startsWith("SunJCE");
    }

    @ParameterizedTest
    @MethodSource("providers")
    void givesTheAnswersOfWycheproof(AeadProvider provider) throws IOException {
        Tally tally = new Tally("wycheproof aes_gcm, " + provider);
        Vectors.wycheproof("aes_gcm_test.json", (group, test) -> {
            if (Vectors.number(group, "keySize") != 256) {
                tally.skip("keys other than 256 bits are not used");
            } else if (Vectors.number(group, "ivSize") != 96) {
                tally.skip("IVs other than 96 bits are not used");
            } else {
                for (IntFunction<ByteBuffer> kind : KINDS) {
                    wycheproof(provider.aead(), test, kind);
                }
                tally.ran();
            }
        });
        tally.expect(66, 250);
    }

    private static void wycheproof(Aead aead, Map<String, Object> test, IntFunction<ByteBuffer> kind) {
        byte[] plain = Vectors.hex(test, "msg");
        byte[] iv = Vectors.hex(test, "iv");
        byte[] aad = Vectors.hex(test, "aad");
        byte[] sealed = new byte[plain.length + Aead.TAG_BYTES];
        ByteBuffer.wrap(sealed).put(Vectors.hex(test, "ct")).put(Vectors.hex(test, "tag"));
        aead.key(SecretBytes.of(Vectors.hex(test, "key")));
        ByteBuffer opened = kind.apply(plain.length);
        ByteBuffer again = kind.apply(sealed.length);
        if (Vectors.text(test, "result").equals("invalid")) {
            refused(() -> aead.open(iv, aad, filled(kind, sealed), opened));
            return;
        }
        try {
            aead.open(iv, aad, filled(kind, sealed), opened);
        } catch (FaultException e) {
            throw new AssertionError("refused a valid one: " + test.get("tcId"), e);
        }
        aead.seal(iv, aad, filled(kind, plain), again);
        assertThat(bytes(opened)).isEqualTo(plain);
        assertThat(bytes(again)).isEqualTo(sealed);
    }

    @ParameterizedTest
    @MethodSource("providers")
    void opensWhatTheOthersSealed(AeadProvider provider) throws FaultException {
        for (AeadProvider other : providers()) {
            for (int length : new int[] {0, 1, 15, 16, 17, 4095, 4096, 65536 + 3}) {
                byte[] plain = random(length);
                for (IntFunction<ByteBuffer> from : KINDS) {
                    for (IntFunction<ByteBuffer> to : KINDS) {
                        ByteBuffer sealed = from.apply(length + Aead.TAG_BYTES);
                        ByteBuffer opened = to.apply(length);
                        keyed(other).seal(IV, AAD, filled(to, plain), sealed);
                        keyed(provider).open(IV, AAD, sealed.flip(), opened);
                        assertThat(sealed.hasRemaining()).isFalse();
                        assertThat(bytes(opened)).isEqualTo(plain);
                    }
                }
            }
        }
    }

    /** With Bouncy Castle, which is not used here, as the control: it leaves the forged text behind. */
    static List<AeadProvider> providersAndLeakyOne() {
        List<AeadProvider> providers = new ArrayList<>(providers());
        providers.add(new AeadProvider("leaky", () -> new JceAead(new BouncyCastleProvider())));
        return providers;
    }

    @ParameterizedTest
    @MethodSource("providersAndLeakyOne")
    void showsNothingOfForgedText(AeadProvider provider) {
        byte[] plain = random(300);
        for (IntFunction<ByteBuffer> kind : KINDS) {
            ByteBuffer sealed = kind.apply(plain.length + Aead.TAG_BYTES);
            keyed(provider).seal(IV, AAD, ByteBuffer.wrap(plain), sealed);
            sealed.flip().put(299 + Aead.TAG_BYTES, (byte) (sealed.get(299 + Aead.TAG_BYTES) ^ 1));
            ByteBuffer target = kind.apply(plain.length + 7).position(7);
            refused(() -> keyed(provider).open(IV, AAD, sealed, target));
            assertThat(target.position()).isEqualTo(7);
            assertThat(bytes(target.position(target.limit()))).containsOnly(0);
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void refusesEveryOtherKeyIvAndAssociatedData(AeadProvider provider) {
        ByteBuffer sealed = ByteBuffer.allocate(5 + Aead.TAG_BYTES);
        keyed(provider).seal(IV, AAD, ByteBuffer.wrap(new byte[5]), sealed);
        sealed.flip();
        Aead aead = keyed(provider);
        ByteBuffer target = ByteBuffer.allocate(5);
        refused(() -> aead.open(IV, IV, sealed.duplicate(), target));
        refused(() -> aead.open(random(Aead.IV_BYTES), AAD, sealed.duplicate(), target));
        refused(() -> aead.open(IV, AAD, sealed.duplicate().limit(Aead.TAG_BYTES - 1), target));
        aead.key(SecretBytes.of(new byte[Aead.KEY_BYTES]));
        refused(() -> aead.open(IV, AAD, sealed.duplicate(), target));
    }

    @ParameterizedTest
    @MethodSource("providers")
    void refusesWrongUse(AeadProvider provider) {
        ByteBuffer plain = ByteBuffer.allocate(5);
        ByteBuffer small = ByteBuffer.allocate(5 + Aead.TAG_BYTES - 1);
        assertThatThrownBy(() -> keyed(provider).seal(IV, AAD, plain, small))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> keyed(provider).open(IV, AAD, small, ByteBuffer.allocate(3)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> keyed(provider).seal(AAD, AAD, plain, ByteBuffer.allocate(30)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> provider.aead().seal(IV, AAD, plain, ByteBuffer.allocate(30)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> provider.aead().key(SecretBytes.of(new byte[16])))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Aead keyed(AeadProvider provider) {
        Aead aead = provider.aead();
        aead.key(KEY);
        return aead;
    }

    private static void refused(ThrowingCallable opening) {
        assertThatThrownBy(opening)
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.INTEGRITY));
    }

    private static ByteBuffer filled(IntFunction<ByteBuffer> kind, byte[] bytes) {
        return kind.apply(bytes.length).put(bytes).flip();
    }

    private static byte[] bytes(ByteBuffer written) {
        byte[] bytes = new byte[written.position()];
        written.flip().get(bytes);
        return bytes;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length + 1L).nextBytes(bytes);
        return bytes;
    }
}
