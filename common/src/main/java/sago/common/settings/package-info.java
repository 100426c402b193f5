/**
 * Configuration: YAML files whose keys are the long flags of all commands, and the order of flag, environment, file and default. Knows the commands only
 * as picocli's model. May import fault, limits and trust's names; used by the main thread when a command starts.
 */
@NullMarked
package sago.common.settings;

import org.jspecify.annotations.NullMarked;
