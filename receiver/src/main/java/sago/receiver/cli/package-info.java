/** The command line of a site: init, grant, run. May import common and node; runs on the main thread. */
@NullMarked
package sago.receiver.cli;

import org.jspecify.annotations.NullMarked;
