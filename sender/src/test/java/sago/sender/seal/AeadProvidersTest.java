package sago.sender.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import sago.common.fault.FaultException;
import sago.common.secret.SecretBytes;

final class AeadProvidersTest {
    private static final AeadProvider GOOD = AeadProviders.available().get(0);

    @Test
    void choosesTheFirstThatWorks() {
        assertThat(AeadProviders.choose(AeadProviders.available())).hasToString(GOOD.name());
        assertThat(AeadProviders.choose()).isSameAs(AeadProviders.choose());
    }

    @Test
    void passesOverOneThatSealsToSomethingElse() {
        assertThat(AeadProviders.choose(List.of(broken(WrongText::new), GOOD))).isSameAs(GOOD);
    }

    @Test
    void passesOverOneThatOpensForgeries() {
        assertThat(AeadProviders.choose(List.of(broken(Gullible::new), GOOD))).isSameAs(GOOD);
    }

    @Test
    void passesOverOneThatIsMissing() {
        AeadProvider missing = new AeadProvider("missing", () -> {
            throw new IllegalStateException("no such algorithm");
        });
        assertThat(AeadProviders.choose(List.of(missing, GOOD))).isSameAs(GOOD);
    }

    @Test
    void endsWhereNoneWorks() {
        assertThatThrownBy(() -> AeadProviders.choose(List.of(broken(Gullible::new))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("known-answer test");
    }

    private static AeadProvider broken(UnaryOperator<Aead> fault) {
        return new AeadProvider("broken", () -> fault.apply(GOOD.aead()));
    }

    /** Seals with one bit wrong. */
    private record WrongText(Aead aead) implements Aead {
        @Override
        public void key(SecretBytes key) {
            aead.key(key);
        }

        @Override
        public void seal(byte[] iv, byte[] aad, ByteBuffer plain, ByteBuffer target) {
            int start = target.position();
            aead.seal(iv, aad, plain, target);
            target.put(start, (byte) (target.get(start) ^ 1));
        }

        @Override
        public void open(byte[] iv, byte[] aad, ByteBuffer sealed, ByteBuffer target) throws FaultException {
            aead.open(iv, aad, sealed, target);
        }
    }

    /** Opens what the tag does not fit. */
    private record Gullible(Aead aead) implements Aead {
        @Override
        public void key(SecretBytes key) {
            aead.key(key);
        }

        @Override
        public void seal(byte[] iv, byte[] aad, ByteBuffer plain, ByteBuffer target) {
            aead.seal(iv, aad, plain, target);
        }

        @Override
        public void open(byte[] iv, byte[] aad, ByteBuffer sealed, ByteBuffer target) {
            try {
                aead.open(iv, aad, sealed, target);
            } catch (FaultException e) {
                target.position(target.limit());
            }
        }
    }
}
