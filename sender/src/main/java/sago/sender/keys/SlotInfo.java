package sago.sender.keys;

/**
 * What opens a vault, as it is listed: no secret.
 *
 * @param since seconds since the epoch; 0 where an earlier version made it
 */
public record SlotInfo(String label, Kind kind, long since) {
    /** What a slot is opened with. */
    public enum Kind {
        KIT("kit"),
        PASSPHRASE("passphrase"),
        KEY_FILE("key file");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }
}
