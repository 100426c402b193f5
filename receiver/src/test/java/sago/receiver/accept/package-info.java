/** Tests of what connections share. */
@NullMarked
package sago.receiver.accept;

import org.jspecify.annotations.NullMarked;
