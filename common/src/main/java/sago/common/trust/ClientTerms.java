package sago.common.trust;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.VaultId;
import sago.common.limits.Limits;

/**
 * Terms on which a TLS client key may act at every site of a vault.
 *
 * @param tlsSpki SHA-256 of the SubjectPublicKeyInfo of the client's TLS certificate
 * @param roles wire ids of client roles
 * @param notAfter seconds since the epoch at which it ends; 0 is no end
 * @param datasets the only datasets that it is for; empty: every dataset of the vault
 */
public record ClientTerms(
        VaultId vault,
        Hash tlsSpki,
        Set<Integer> roles,
        long sequence,
        long issuedAt,
        long notAfter,
        Set<DatasetId> datasets) {
    private static final int ROLES_MAX = 8;

    public ClientTerms {
        roles = Collections.unmodifiableSet(new TreeSet<>(roles));
        Terms.require(!roles.isEmpty() && roles.size() <= ROLES_MAX, "number of roles");
        Terms.require(roles.stream().allMatch(role -> role > 0), "no role");
        datasets = Collections.unmodifiableSet(new TreeSet<>(datasets));
        Terms.require(datasets.size() <= Limits.DATASETS_PER_CLIENT_MAX, "number of datasets");
        Terms.requireIssue(sequence, issuedAt, notAfter);
    }

    /** Whether it is for this dataset of its vault. */
    public boolean covers(DatasetId dataset) {
        return datasets.isEmpty() || datasets.contains(dataset);
    }
}
