package sago.receiver.accept;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/** Counts handshakes in progress, in all and by address, so that strangers cannot take all memory or file handles. Thread-safe. */
final class HandshakeGate {
    private final int max;
    private final int perAddressMax;
    private final Map<InetAddress, Integer> byAddress = new HashMap<>();
    private int inProgress;

    HandshakeGate(int max, int perAddressMax) {
        this.max = max;
        this.perAddressMax = perAddressMax;
    }

    /** Whether one more handshake from this address may begin; if so, it counts until {@link #leave}. */
    synchronized boolean enter(InetAddress address) {
        int there = byAddress.getOrDefault(address, 0);
        if (inProgress >= max || there >= perAddressMax) {
            return false;
        }
        inProgress++;
        byAddress.put(address, there + 1);
        return true;
    }

    /** A handshake that entered is over, one way or the other. */
    synchronized void leave(InetAddress address) {
        int there = byAddress.getOrDefault(address, 0);
        if (there == 0) {
            throw new IllegalStateException("no handshake of this address is in progress");
        }
        inProgress--;
        if (there == 1) {
            byAddress.remove(address);
        } else {
            byAddress.put(address, there - 1);
        }
    }

    synchronized int inProgress() {
        return inProgress;
    }
}
