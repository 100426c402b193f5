package sago.sender.cli;

import picocli.CommandLine.Command;
import sago.common.cli.CommandGroup;

/** {@code sago site}: holds the commands about sites. */
@Command(
        name = "site",
        description = "Sites of this home.",
        subcommands = SiteAddCommand.class,
        footer = {"", "Example:  sago site add request --address sg.example:7443"})
final class SiteCommand extends CommandGroup {}
