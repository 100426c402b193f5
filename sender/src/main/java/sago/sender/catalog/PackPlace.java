package sago.sender.catalog;

/**
 * A pack at a site.
 *
 * @param durable whether the site holds it, as far as home knows
 * @param committed sequence of the manifest at that site that added it; 0: none has yet
 * @param keepUntil until when the site keeps it uncommitted, in seconds since the epoch
 */
record PackPlace(boolean durable, long committed, long keepUntil) {}
