/**
 * Compression of single chunks: which codec pays, and exact decompression. May import common.fault and common.limits. A compressor
 * belongs to one thread.
 */
@NullMarked
package sago.sender.compress;

import org.jspecify.annotations.NullMarked;
