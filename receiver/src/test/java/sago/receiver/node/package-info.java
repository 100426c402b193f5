/** Tests of a whole site over real TLS on loopback. */
@NullMarked
package sago.receiver.node;

import org.jspecify.annotations.NullMarked;
