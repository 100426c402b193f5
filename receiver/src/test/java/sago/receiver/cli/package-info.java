/** Tests of the site's command line. */
@NullMarked
package sago.receiver.cli;

import org.jspecify.annotations.NullMarked;
