/**
 * From a snapshot back to files: selection, planning, writing under a target that nothing escapes, and reading data to verify
 * it. May import {@code tree}, {@code pack} and {@code source.posix}. {@link sago.sender.restore.TargetFiles} is the only class here that
 * creates, renames or deletes files; they are the user's, so nothing is forced. A run is called by one thread and starts workers.
 */
@NullMarked
package sago.sender.restore;

import org.jspecify.annotations.NullMarked;
