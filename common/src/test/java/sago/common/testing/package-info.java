/** What tests of all modules share. Imports nothing of ours; single thread. */
@NullMarked
package sago.common.testing;

import org.jspecify.annotations.NullMarked;
