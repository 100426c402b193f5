package sago.sender.upload;

import com.google.protobuf.ByteString;
import java.util.List;
import sago.common.fault.FaultException;
import sago.common.id.PackId;

/** Keeps the site's receipts at home. Called on the acknowledgement thread only, after {@link DurableListener} heard of the packs. */
@FunctionalInterface
public interface ReceiptListener {
    /**
     * A receipt whose signature, vault, site and dataset were checked, and that names exactly these packs.
     *
     * @param envelope the exact signed bytes
     * @param packs in the order of the site's journal
     */
    void receipt(ByteString envelope, List<PackId> packs) throws FaultException;
}
