package sago.receiver.acknowledge;

/** Takes receipts to whoever is connected. Called on the receipts' thread; must not wait. */
@FunctionalInterface
public interface ReceiptListener {
    void issued(IssuedReceipt receipt);
}
