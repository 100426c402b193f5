package sago.sender.keys;

import com.google.protobuf.ByteString;
import java.util.List;
import sago.common.id.DatasetId;
import sago.common.secret.SecretBytes;
import sago.common.sign.VerifyingKey;
import sago.common.trust.DatasetTerms;

/**
 * What a backup needs of a dataset. It opens no data.
 *
 * @param grant terms of the dataset grant, verified under the pinned order key
 * @param grantEnvelope its SignedEnvelope
 * @param idKey key of chunk ids, 32 bytes; lives as long as the home that it came from
 * @param gearKey seed of the chunker's table, 32 bytes; lives as long as the home that it came from
 * @param signers keys of every sender that the vault granted anything to, this one among them: one of them signed each manifest
 */
public record DatasetKeys(
        String name,
        DatasetTerms grant,
        ByteString grantEnvelope,
        SecretBytes idKey,
        SecretBytes gearKey,
        List<VerifyingKey> signers) {
    public DatasetKeys {
        signers = List.copyOf(signers);
    }

    public DatasetId dataset() {
        return grant.dataset();
    }

    public String dataClass() {
        return grant.dataClass();
    }
}
