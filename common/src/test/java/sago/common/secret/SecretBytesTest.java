package sago.common.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class SecretBytesTest {
    @Test
    void overwritesItsBytesWhenClosed() {
        byte[] bytes = {1, 2, 3};
        SecretBytes secret = SecretBytes.of(bytes);
        secret.close();
        assertThat(bytes).containsOnly(0);
        assertThatThrownBy(secret::reveal).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void outlivesItsCopy() {
        SecretBytes secret = SecretBytes.of(new byte[] {1, 2, 3});
        SecretBytes copy = secret.copy();
        assertThat(copy).isEqualTo(secret);
        copy.close();
        assertThat(secret.reveal()).containsExactly(1, 2, 3);
    }

    @Test
    void hidesItsBytesInText() {
        assertThat(SecretBytes.of(new byte[] {17, 34, 51}).toString()).isEqualTo("SecretBytes[3 bytes, hidden]");
    }

    @Test
    void isEqualOnlyToTheSameBytes() {
        SecretBytes secret = SecretBytes.of(new byte[] {1, 2, 3});
        assertThat(secret).isEqualTo(SecretBytes.of(new byte[] {1, 2, 3}));
        assertThat(secret).isNotEqualTo(SecretBytes.of(new byte[] {1, 2, 4}));
        assertThat(secret).isNotEqualTo(SecretBytes.of(new byte[] {1, 2}));
    }

    @Test
    void takesRandomnessFromTheGivenSource() {
        SecretBytes secret = SecretBytes.random(32, KernelRandom.create());
        assertThat(secret.length()).isEqualTo(32);
        assertThat(secret).isNotEqualTo(SecretBytes.random(32, KernelRandom.create()));
    }
}
