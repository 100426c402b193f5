/**
 * Results as one HTML page that needs nothing else: no network, no script. Names in results are hostile input; j2html escapes all of them.
 * May import {@code result} of the bench, and common; one thread.
 */
@NullMarked
package sago.bench.report;

import org.jspecify.annotations.NullMarked;
