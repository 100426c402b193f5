/**
 * The capacity planner: from measurements of a host and a link and from a user's numbers to what a job needs, as ranges. May import
 * {@code result}, {@code macro} and {@code data} of the bench, common, and the chunk lengths of a sender; one thread. The model is in docs/PLANNING.md.
 */
@NullMarked
package sago.bench.plan;

import org.jspecify.annotations.NullMarked;
