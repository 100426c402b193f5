/**
 * The site's journal, the only point of order: records with CRC and hash chain, one force for all that wait, recovery of the longest valid
 * prefix. May import common. Any thread appends; one thread of its own writes and forces.
 */
@NullMarked
package sago.receiver.journal;

import org.jspecify.annotations.NullMarked;
