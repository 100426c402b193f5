package sago.receiver.accept;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;
import sago.common.id.Hash;
import sago.common.protocol.ClientRole;
import sago.common.trust.DatasetTerms;
import sago.common.trust.SiteTerms;

/**
 * What a client proved to be. Immutable.
 *
 * @param spki SHA-256 of the key of its TLS certificate
 * @param dataset terms of its dataset grant; null unless the role is append
 * @param grant the envelope that it showed
 */
record Admission(
        ClientRole role,
        SiteTerms site,
        Hash spki,
        @Nullable DatasetTerms dataset,
        ByteString grant) {
    /** The dataset that a sender may append to. */
    DatasetTerms requireDataset() {
        if (dataset == null) {
            throw new IllegalStateException("role " + role + " has no dataset");
        }
        return dataset;
    }
}
