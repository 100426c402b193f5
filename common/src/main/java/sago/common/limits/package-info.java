/** Every bound with its reason, in one place. Imports nothing; any thread. */
@NullMarked
package sago.common.limits;

import org.jspecify.annotations.NullMarked;
