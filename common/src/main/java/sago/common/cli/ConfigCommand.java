package sago.common.cli;

import picocli.CommandLine.Command;

/** {@code config}: holds the commands about the configuration. */
@Command(
        name = "config",
        description = "The configuration: YAML whose keys are the long flags of all commands (docs/CONFIGURATION.md).",
        footer = {"", "Example:  sago config check"})
final class ConfigCommand extends CommandGroup {}
