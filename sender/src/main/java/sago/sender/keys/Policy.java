package sago.sender.keys;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import sago.common.id.Hash;
import sago.common.id.SiteId;
import sago.common.sign.Hashes;
import sago.sender.proto.SiteRecord;

/**
 * Which class may go to which site, as the site records say. Its hash, which grants carry, is the SHA-256 of
 * {@code "sago/v1/policy"} and one line for each site, ascending by id: id, jurisdiction, classes in order. Immutable; any thread.
 */
final class Policy {
    private final SortedMap<SiteId, SiteRecord> sites = new TreeMap<>();

    Policy(List<SiteRecord> records) {
        for (SiteRecord record : records) {
            sites.put(SiteId.of(record.getSite().toByteArray()), record);
        }
    }

    /** Sites that may hold a class, each with its jurisdiction. */
    Map<SiteId, String> sitesFor(String dataClass) {
        Map<SiteId, String> allowed = new TreeMap<>();
        sites.forEach((id, record) -> {
            if (record.getClassesList().contains(dataClass)) {
                allowed.put(id, record.getJurisdiction());
            }
        });
        return allowed;
    }

    Hash sha256() {
        StringBuilder text = new StringBuilder("sago/v1/policy\n");
        sites.forEach((id, record) -> text.append(id)
                .append(' ')
                .append(record.getJurisdiction())
                .append(' ')
                .append(String.join(",", record.getClassesList()))
                .append('\n'));
        return Hashes.sha256(ByteString.copyFromUtf8(text.toString()));
    }
}
