/**
 * What a site holds: pack files, manifests, keyrings, and a database derived from the journal; when it has room. May import common and
 * receiver.journal. Store threads call it (it waits for disks); they must not be interrupted. The journal's thread writes the database.
 */
@NullMarked
package sago.receiver.store;

import org.jspecify.annotations.NullMarked;
