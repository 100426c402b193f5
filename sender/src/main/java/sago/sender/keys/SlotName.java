package sago.sender.keys;

/**
 * What a slot is called and since when it is there; both are bound into it.
 *
 * @param since seconds since the epoch
 */
record SlotName(String label, long since) {
    static final String KIT = "kit";
    static final String PASSPHRASE = "passphrase";
    static final String KEY_FILE = "key-file";

    /** A name from now on. */
    static SlotName of(String label, HomeContext context) {
        return new SlotName(label, context.nowSeconds());
    }
}
