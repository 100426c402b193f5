package sago.receiver.acknowledge;

import com.google.protobuf.ByteString;
import java.util.List;
import sago.common.id.DatasetId;
import sago.common.id.PackId;

/**
 * A receipt for packs of one dataset. Immutable.
 *
 * @param receipt SignedEnvelope bytes
 * @param packs in journal order
 */
public record IssuedReceipt(DatasetId dataset, ByteString receipt, List<PackId> packs) {
    public IssuedReceipt {
        packs = List.copyOf(packs);
    }
}
