/**
 * Answers to readers: packs, manifests, session headers, keyrings, audits. May import common, journal, store and acknowledge. Runs on store threads, audits on a
 * thread of their own.
 */
@NullMarked
package sago.receiver.serve;

import org.jspecify.annotations.NullMarked;
