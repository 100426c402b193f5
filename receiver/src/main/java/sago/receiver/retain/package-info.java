/**
 * When packs that no snapshot names are swept. May import common and store. One thread of its own; what a sweep is lies in store.
 */
@NullMarked
package sago.receiver.retain;

import org.jspecify.annotations.NullMarked;
