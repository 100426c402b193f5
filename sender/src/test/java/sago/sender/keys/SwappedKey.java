package sago.sender.keys;

import com.google.protobuf.ByteString;
import sago.common.trust.DatasetTerms;

/** A grant as an attacker would like it: everything the same, but sessions are sealed to his key. */
final class SwappedKey {
    private SwappedKey() {}

    static DatasetTerms of(DatasetTerms terms, ByteString publicKey) {
        return new DatasetTerms(
                terms.vault(),
                terms.dataset(),
                terms.dataClass(),
                terms.keyEpoch(),
                publicKey,
                terms.sender(),
                terms.senderTlsSpki(),
                terms.sites(),
                terms.policySha256(),
                terms.sequence(),
                terms.issuedAt(),
                terms.notAfter());
    }
}
