/**
 * What the JDK cannot do with Linux files: names byte for byte, exact link targets, nanosecond times of links. The only
 * place with native calls. Imports {@code fault}; {@code source} and {@code restore} use it; any thread.
 */
@NullMarked
package sago.sender.source.posix;

import org.jspecify.annotations.NullMarked;
