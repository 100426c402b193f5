/**
 * What home and sites sign and exchange to trust each other: enrolment texts, grants, session opens, manifest stubs, receipts,
 * keyrings, orders. Each has a record of checked terms, and a class that signs terms and verifies envelopes. Imports fault, id,
 * limits, pack and sign of ours; values are immutable, any thread.
 */
@NullMarked
package sago.common.trust;

import org.jspecify.annotations.NullMarked;
