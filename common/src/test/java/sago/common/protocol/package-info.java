/** Tests of the codec. */
@NullMarked
package sago.common.protocol;

import org.jspecify.annotations.NullMarked;
