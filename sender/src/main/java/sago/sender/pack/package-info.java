/** Packs as home makes and reads them: records, open packs, and the seams between sealing and sending. */
@NullMarked
package sago.sender.pack;

import org.jspecify.annotations.NullMarked;
