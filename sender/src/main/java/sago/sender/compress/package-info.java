/**
 * Compression of single chunks: which codec pays, which one is worth its time now, and exact decompression. May import common.fault,
 * common.limits and common.time. A compressor belongs to one thread; choice and decompressor are shared by all.
 */
@NullMarked
package sago.sender.compress;

import org.jspecify.annotations.NullMarked;
