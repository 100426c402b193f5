/** Checked identifiers. Immutable values; imports nothing of ours; any thread. */
@NullMarked
package sago.common.id;

import org.jspecify.annotations.NullMarked;
