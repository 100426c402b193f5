/**
 * One backup: walk, read, store what is new, build the tree, commit. May import every sibling but {@code restore}, {@code node} and {@code
 * cli}. Threads: the caller's, one walker, one worker per core, one for the tree, and the session's acknowledgement thread, which
 * writes catalog and index.
 */
@NullMarked
package sago.sender.backup;

import org.jspecify.annotations.NullMarked;
