/**
 * What both command lines share: exit codes, one-line messages, results as text or JSON, units, defaults from the environment, log set-up, signals. May import
 * fault and time; used by the main thread of a command.
 */
@NullMarked
package sago.common.cli;

import org.jspecify.annotations.NullMarked;
