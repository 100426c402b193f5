package sago.sender.keys;

import com.google.protobuf.ByteString;
import java.util.List;
import sago.common.trust.DatasetTerms;

/**
 * A sender that was just made. Its private keys are nowhere but here: whoever holds this hands the bundle on and forgets it.
 *
 * @param bundle the whole file for `sago sender join`
 * @param grants one for each of its datasets
 */
public record NewSender(String name, ByteString bundle, List<Grant> grants) {
    public NewSender {
        grants = List.copyOf(grants);
    }

    /**
     * @param dataset as it was before: {@code sender} is the one that had it
     * @param fresh the dataset was made for this sender
     * @param credential what opens its sessions from now on
     */
    public record Grant(VaultDataset dataset, boolean fresh, DatasetTerms terms, ClientCredential credential) {}

    /** Without the keys. */
    @Override
    public String toString() {
        return "NewSender[" + name + "]";
    }
}
