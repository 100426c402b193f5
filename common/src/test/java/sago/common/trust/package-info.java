/** Tests of what home and sites show each other. */
@NullMarked
package sago.common.trust;

import org.jspecify.annotations.NullMarked;
