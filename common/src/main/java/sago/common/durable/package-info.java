/**
 * The only code that creates, forces, moves or deletes files: {@link sago.common.durable.Disk} is the seam that a
 * simulated disk replaces in tests, {@link sago.common.durable.DurableFiles} what is built on it. May import fault. Any thread may
 * call; nothing here starts one. Threads that use real files must not be interrupted: Java closes the file under them.
 */
@NullMarked
package sago.common.durable;

import org.jspecify.annotations.NullMarked;
