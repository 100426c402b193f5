/**
 * Content that comes once, from beginning to end, and not from a file of the source: standard input, and what a command prints. Imports nothing of its
 * module. One thread reads; a thread behind each stream waits for what comes, so that the reader can always be interrupted.
 */
@NullMarked
package sago.sender.stream;

import org.jspecify.annotations.NullMarked;
