/**
 * Patterns over names and paths: what a restore chooses, what a backup leaves out. May import {@code tree}. Values are immutable; any thread.
 */
@NullMarked
package sago.sender.pattern;

import org.jspecify.annotations.NullMarked;
