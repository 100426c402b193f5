/** The only readers of clocks. Imports nothing of ours; any thread. */
@NullMarked
package sago.common.time;

import org.jspecify.annotations.NullMarked;
