package sago.sender.upload;

import sago.common.fault.FaultException;
import sago.common.pack.PackEntry;
import sago.common.proto.ReceiptIssued;

/** Compares the site's receipts with what was sent. Thread-safe. */
interface ReceiptChecker {
    /** A pack that was completed: a receipt may name it from now on. */
    void expect(PackEntry entry);

    /** Verifies a receipt and hands it on. Acknowledgement thread. */
    void accept(ReceiptIssued receipt) throws FaultException;
}
