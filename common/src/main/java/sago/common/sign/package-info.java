/**
 * Dual signatures (Ed25519 and ML-DSA-65) over exact bytes by roles, and the words in which people compare fingerprints.
 * Imports fault, id, limits and secret of ours, Bouncy Castle and Protocol Buffers; any thread.
 */
@NullMarked
package sago.common.sign;

import org.jspecify.annotations.NullMarked;
