/**
 * Secret bytes in memory, and the two derivations that both ends use: HKDF and HMAC on the JDK's {@code Mac}. Nothing here encrypts or
 * opens. Imports nothing of ours; thread rules are those of each class.
 */
@NullMarked
package sago.common.secret;

import org.jspecify.annotations.NullMarked;
