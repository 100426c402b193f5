/** Tests of the keys of a home. */
@NullMarked
package sago.sender.keys;

import org.jspecify.annotations.NullMarked;
