/**
 * What the JDK cannot do with Linux files: names byte for byte, paths of any length, exact link targets, nanosecond times of links,
 * extended attributes, holes, devices. The only place with native calls. Imports {@code fault}, {@code limits} and {@code tree}; {@code source} and {@code restore} use it; any thread.
 */
@NullMarked
package sago.sender.source.posix;

import org.jspecify.annotations.NullMarked;
