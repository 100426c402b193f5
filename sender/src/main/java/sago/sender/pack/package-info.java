/**
 * Packs as home makes and reads them: records, open packs, and the seams between sealing and sending. May import {@code seal} and
 * {@code compress}; thread rules are those of each class.
 */
@NullMarked
package sago.sender.pack;

import org.jspecify.annotations.NullMarked;
