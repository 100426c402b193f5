/** Tests that need both nodes: the whole system as processes, and the rules of docs/ARCHITECTURE.md. */
@NullMarked
package sago.system;

import org.jspecify.annotations.NullMarked;
