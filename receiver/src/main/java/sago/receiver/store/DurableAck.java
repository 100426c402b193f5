package sago.receiver.store;

import sago.common.pack.PackEntry;

/**
 * A pack is durable: verified, forced, journalled. Immutable.
 *
 * @param sequence of its journal record
 * @param keepUntil until when it is kept though no manifest names it, in seconds since the epoch; 0 where its record says nothing
 */
public record DurableAck(PackEntry pack, long sequence, long keepUntil) {}
