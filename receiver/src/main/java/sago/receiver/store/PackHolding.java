package sago.receiver.store;

import com.google.protobuf.ByteString;
import sago.common.protocol.PackPresence;

/**
 * What the site holds of a pack. Immutable.
 *
 * @param slices of a pack that is being received: bit i (least significant first) is set where slice i is held; otherwise empty
 * @param sequence of the journal record of a durable pack, otherwise 0
 */
public record PackHolding(PackPresence presence, ByteString slices, long sequence) {
    static final PackHolding UNKNOWN = new PackHolding(PackPresence.UNKNOWN, ByteString.EMPTY, 0);

    static PackHolding receiving(ByteString slices) {
        return new PackHolding(PackPresence.RECEIVING, slices, 0);
    }

    static PackHolding durable(long sequence) {
        return new PackHolding(PackPresence.DURABLE, ByteString.EMPTY, sequence);
    }
}
