package sago.receiver.accept;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ConnectionStateTest {
    @Test
    void onlyEverGoesForward() {
        for (ConnectionState from : ConnectionState.values()) {
            for (ConnectionState to : ConnectionState.values()) {
                if (to.compareTo(from) <= 0) {
                    assertThat(from.mayBecome(to)).as("%s to %s", from, to).isFalse();
                }
            }
        }
    }

    @Test
    void letsNobodyInWithoutHello() {
        assertThat(ConnectionState.TLS.mayBecome(ConnectionState.AUTHENTICATED)).isFalse();
        assertThat(ConnectionState.TLS.mayBecome(ConnectionState.SERVING)).isFalse();
        assertThat(ConnectionState.HELLO.mayBecome(ConnectionState.STREAMING)).isFalse();
        assertThat(ConnectionState.ENROLLING.mayBecome(ConnectionState.STREAMING))
                .isFalse();
        assertThat(ConnectionState.SERVING.mayBecome(ConnectionState.STREAMING)).isFalse();
    }

    @Test
    void mayAlwaysEnd() {
        for (ConnectionState state : ConnectionState.values()) {
            assertThat(state.mayBecome(ConnectionState.CLOSED)).isEqualTo(state != ConnectionState.CLOSED);
        }
    }
}
