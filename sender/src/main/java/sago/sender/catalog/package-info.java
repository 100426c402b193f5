/**
 * What home knows of its packs and snapshots: which pack is durable at which site, which snapshot is committed where, and the receipts
 * for it. All SQL of that is here. May import {@code pack} and {@code database}; thread-safe.
 *
 * <p>Every transaction is forced, one for each acknowledged pack: that is one force for 32 MiB, and an acknowledgement that home noted stays
 * noted. At the start of a session the site's own answer wins over what is written here.
 */
@NullMarked
package sago.sender.catalog;

import org.jspecify.annotations.NullMarked;
