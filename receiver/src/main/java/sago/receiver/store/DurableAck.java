package sago.receiver.store;

import sago.common.pack.PackEntry;

/**
 * A pack is durable: verified, forced, journalled. Immutable.
 *
 * @param sequence of its journal record
 */
public record DurableAck(PackEntry pack, long sequence) {}
