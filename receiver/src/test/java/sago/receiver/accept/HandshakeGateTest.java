package sago.receiver.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

final class HandshakeGateTest {
    private final HandshakeGate gate = new HandshakeGate(5, 2);

    private static InetAddress address(int last) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
    }

    @Test
    void boundsHandshakesOfOneAddressAndInAll() throws UnknownHostException {
        assertThat(gate.enter(address(1))).isTrue();
        assertThat(gate.enter(address(1))).isTrue();
        assertThat(gate.enter(address(1))).isFalse();
        assertThat(gate.enter(address(2))).isTrue();
        assertThat(gate.enter(address(2))).isTrue();
        assertThat(gate.enter(address(3))).isTrue();
        assertThat(gate.enter(address(4))).isFalse();
        assertThat(gate.inProgress()).isEqualTo(5);
        gate.leave(address(1));
        assertThat(gate.enter(address(4))).isTrue();
    }

    @Test
    void refusesToForgetAHandshakeThatItDoesNotKnow() {
        assertThatThrownBy(() -> gate.leave(address(1))).isInstanceOf(IllegalStateException.class);
    }
}
