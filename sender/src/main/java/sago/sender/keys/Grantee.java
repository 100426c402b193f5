package sago.sender.keys;

import sago.common.id.Hash;
import sago.common.sign.VerifyingKey;

/** Public keys of a sender that a grant is for. */
record Grantee(VerifyingKey key, Hash tlsSpki) {}
