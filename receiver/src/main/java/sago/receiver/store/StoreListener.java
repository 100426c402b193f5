package sago.receiver.store;

/** Follows what becomes durable. Called on the journal's thread, in its order, before the acknowledgement; must not wait. */
@FunctionalInterface
public interface StoreListener {
    void packStored(StoredPack pack);

    /** A commit or an order was made durable: there may be packs now that no snapshot names. */
    default void namesChanged() {}
}
