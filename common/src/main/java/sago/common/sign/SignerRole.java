package sago.common.sign;

/**
 * Who signs. Roles are separate keys: a signature that is valid but of another role is refused, so that the key of an
 * online sender can never sign what only the vault may order.
 */
public enum SignerRole {
    /** Home with its vault unlocked: grants, keyrings and orders. */
    ORDER(1, "order"),
    /** The process at home that runs backups: session opens and manifests. */
    SENDER(2, "sender"),
    /** A site: receipts. */
    SITE(3, "site"),
    /** Home with its vault unlocked, while snapshots are forgotten: expire orders, within what a grant of role order allows. */
    EXPIRY(4, "expiry");

    private final int wireId;
    private final String label;

    SignerRole(int wireId, String label) {
        this.wireId = wireId;
        this.label = label;
    }

    /** Stable number in envelopes. */
    public int wireId() {
        return wireId;
    }

    /** Stable name in the signed input. */
    public String label() {
        return label;
    }
}
