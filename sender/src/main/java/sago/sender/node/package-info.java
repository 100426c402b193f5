/**
 * One home, wired: folder, lock, keys, catalog, index, sites, metrics. May import every package of sender but {@code cli}; called by the main
 * thread of a command.
 */
@NullMarked
package sago.sender.node;

import org.jspecify.annotations.NullMarked;
