/**
 * Keys of a home: the recovery kit, the vault and its slots, datasets, keyrings, the sender's identity, and what a backup needs to know of
 * sites. {@code Vault} is the only class that reads {@code vault/}; {@code SenderHome} reads {@code sender/} only. Imports {@code seal} of
 * the sender. Objects are confined to one thread unless they say otherwise; the caller holds the lock of the home folder whenever something
 * is written.
 */
@NullMarked
package sago.sender.keys;

import org.jspecify.annotations.NullMarked;
