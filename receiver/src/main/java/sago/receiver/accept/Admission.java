package sago.receiver.accept;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;
import sago.common.id.Hash;
import sago.common.protocol.ClientRole;
import sago.common.trust.DatasetTerms;
import sago.common.trust.SiteTerms;
import sago.receiver.serve.Scope;

/**
 * What a client proved to be. Immutable.
 *
 * @param spki SHA-256 of the key of its TLS certificate
 * @param dataset terms of its dataset grant; null unless the role is append
 * @param grant the envelope that it showed
 * @param scope the datasets that it may ask about
 */
record Admission(
        ClientRole role,
        SiteTerms site,
        Hash spki,
        @Nullable DatasetTerms dataset,
        ByteString grant,
        Scope scope) {
    /** Whether it rests on an older grant of the same dataset than this one. */
    boolean isOlderThan(DatasetTerms newest) {
        return dataset != null && dataset.dataset().equals(newest.dataset()) && dataset.sequence() < newest.sequence();
    }

    /** The dataset that a sender may append to. */
    DatasetTerms requireDataset() {
        if (dataset == null) {
            throw new IllegalStateException("role " + role + " has no dataset");
        }
        return dataset;
    }
}
