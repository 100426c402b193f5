/** Faults of peers, disks, networks and input: stable codes that say what to do. Imports nothing of ours; any thread. */
@NullMarked
package sago.common.fault;

import org.jspecify.annotations.NullMarked;
