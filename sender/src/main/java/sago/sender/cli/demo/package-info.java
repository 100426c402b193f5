/**
 * The demonstration: drives both command lines as real processes in a temporary folder, and judges the outcome by itself. May import
 * common only; main thread, parallel streams for comparing.
 */
@NullMarked
package sago.sender.cli.demo;

import org.jspecify.annotations.NullMarked;
