/**
 * What an unfinished backup has done so far, so that the next run neither reads nor sends it again: a journal in Chronicle Queue, its replay
 * and the finished files of the runs before. Rebuildable state: the site and the catalog are right without it. May import {@code pack} and
 * {@code tree}. The journal is called by workers, the acknowledgement thread and the runner; what is read from it is confined to one thread.
 */
@NullMarked
package sago.sender.checkpoint;

import org.jspecify.annotations.NullMarked;
