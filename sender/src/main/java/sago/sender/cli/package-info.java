/**
 * The command line of home: commands, questions, progress. May import every package of sender; the main thread, and one that draws
 * progress.
 */
@NullMarked
package sago.sender.cli;

import org.jspecify.annotations.NullMarked;
