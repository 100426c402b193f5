package sago.common.trust;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import sago.common.id.Hash;
import sago.common.id.VaultId;

/**
 * Terms on which a TLS client key may act at every site of a vault.
 *
 * @param tlsSpki SHA-256 of the SubjectPublicKeyInfo of the client's TLS certificate
 * @param roles wire ids of client roles
 * @param notAfter seconds since the epoch at which it ends; 0 is no end
 */
public record ClientTerms(
        VaultId vault, Hash tlsSpki, Set<Integer> roles, long sequence, long issuedAt, long notAfter) {
    private static final int ROLES_MAX = 8;

    public ClientTerms {
        roles = Collections.unmodifiableSet(new TreeSet<>(roles));
        Terms.require(!roles.isEmpty() && roles.size() <= ROLES_MAX, "number of roles");
        Terms.require(roles.stream().allMatch(role -> role > 0), "no role");
        Terms.require(sequence > 0, "sequence");
        Terms.requireTime(issuedAt);
        Terms.requireTime(notAfter);
    }
}
