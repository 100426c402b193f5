/**
 * Where chunks end: FastCDC with a gear table that only the dataset's senders know. May import common.secret and
 * common.limits. Immutable values, any thread.
 */
@NullMarked
package sago.sender.chunk;

import org.jspecify.annotations.NullMarked;
