package sago.common.trust;

import com.google.protobuf.ByteString;
import java.util.List;
import sago.common.id.DatasetId;
import sago.common.id.SiteId;
import sago.common.id.VaultId;
import sago.common.limits.Limits;

/**
 * An order to store session headers that seal known session keys to a newer epoch of the dataset's key. Nothing goes by it.
 *
 * @param headers exact bytes of session headers, each of which names the first header of its session
 */
public record ResealTerms(
        VaultId vault,
        SiteId site,
        DatasetId dataset,
        long sequence,
        long issuedAt,
        long notAfter,
        List<ByteString> headers)
        implements OrderTerms {
    public ResealTerms {
        headers = List.copyOf(headers);
        Terms.requireIssue(sequence, issuedAt, notAfter);
        Terms.require(
                !headers.isEmpty() && headers.size() <= Limits.HEADERS_PER_ORDER_MAX, "number of session headers");
        Terms.require(
                headers.stream().allMatch(header -> header.size() <= SessionHeaders.BYTES_MAX),
                "length of a session header");
    }
}
