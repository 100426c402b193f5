/** Tests of the TLS identities and contexts. */
@NullMarked
package sago.common.net;

import org.jspecify.annotations.NullMarked;
