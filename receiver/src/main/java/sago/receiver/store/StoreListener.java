package sago.receiver.store;

/** Follows what becomes durable. Called on the journal's thread, in its order, before the acknowledgement; must not wait. */
@FunctionalInterface
public interface StoreListener {
    void packStored(StoredPack pack);
}
