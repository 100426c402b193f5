package sago.bench.macro;

import java.util.Locale;

/** What is measured. */
enum Case {
    /** Everything into an empty repository. */
    FULL,
    /** The same once more. */
    UNCHANGED,
    /** After one hundredth of the data changed. */
    CHANGED,
    /** Everything back into an empty folder. */
    RESTORE,
    /** The second run after the first was killed at half its time. */
    RESUME,
    /** One image of a disk into an empty repository. */
    IMAGE;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
