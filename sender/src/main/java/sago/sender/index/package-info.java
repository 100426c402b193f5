/**
 * Which chunks were stored, and where: a hint, because a hit counts only if its pack is durable in the catalog. May import {@code pack} and
 * {@code database}; thread-safe.
 */
@NullMarked
package sago.sender.index;

import org.jspecify.annotations.NullMarked;
