/** Geometry and public header of packs: what a site may know of them. May import fault, id, limits; immutable values, any thread. */
@NullMarked
package sago.common.pack;

import org.jspecify.annotations.NullMarked;
