/** Tests of signatures and words. */
@NullMarked
package sago.common.sign;

import org.jspecify.annotations.NullMarked;
