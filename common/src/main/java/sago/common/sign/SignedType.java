package sago.common.sign;

import sago.common.limits.Limits;

/** What is signed. Each type belongs to one role and has a bound on its payload. */
public enum SignedType {
    SITE_GRANT(1, "site_grant", SignerRole.ORDER, Limits.GRANT_BYTES_MAX),
    DATASET_GRANT(2, "dataset_grant", SignerRole.ORDER, Limits.GRANT_BYTES_MAX),
    CLIENT_GRANT(3, "client_grant", SignerRole.ORDER, Limits.GRANT_BYTES_MAX),
    KEYRING(4, "keyring", SignerRole.ORDER, Limits.KEYRING_BYTES_MAX),
    RESEAL_ORDER(5, "reseal_order", SignerRole.ORDER, Limits.ORDER_BYTES_MAX),
    RETIRE_ORDER(6, "retire_order", SignerRole.ORDER, Limits.GRANT_BYTES_MAX),
    EXPIRY_GRANT(7, "expiry_grant", SignerRole.ORDER, Limits.GRANT_BYTES_MAX),
    SESSION_OPEN(10, "session_open", SignerRole.SENDER, Limits.GRANT_BYTES_MAX),
    MANIFEST_STUB(11, "manifest_stub", SignerRole.SENDER, Limits.COMMIT_BYTES_MAX),
    RECEIPT(20, "receipt", SignerRole.SITE, Limits.GRANT_BYTES_MAX),
    EXPIRE_ORDER(30, "expire_order", SignerRole.EXPIRY, Limits.EXPIRE_ORDER_BYTES_MAX);

    private final int wireId;
    private final String label;
    private final SignerRole role;
    private final int payloadBytesMax;

    SignedType(int wireId, String label, SignerRole role, int payloadBytesMax) {
        this.wireId = wireId;
        this.label = label;
        this.role = role;
        this.payloadBytesMax = payloadBytesMax;
    }

    /** Stable number in envelopes. */
    public int wireId() {
        return wireId;
    }

    /** Stable name in the signed input. */
    public String label() {
        return label;
    }

    /** The only role that signs this type. */
    public SignerRole role() {
        return role;
    }

    /** Largest payload that is signed or verified. */
    public int payloadBytesMax() {
        return payloadBytesMax;
    }
}
