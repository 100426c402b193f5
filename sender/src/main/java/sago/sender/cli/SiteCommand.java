package sago.sender.cli;

import picocli.CommandLine.Command;

/** {@code sago site}: holds the commands about sites. */
@Command(name = "site", description = "Sites of this home.", subcommands = SiteAddCommand.class)
final class SiteCommand extends CommandGroup {}
