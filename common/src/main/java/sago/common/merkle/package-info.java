/**
 * Merkle trees of RFC 6962 with SHA-256: over the 4096-byte leaves of packs, and over entries of receipts; and the verification of their
 * proofs. May import fault, id and limits; thread rules are those of each class.
 */
@NullMarked
package sago.common.merkle;

import org.jspecify.annotations.NullMarked;
