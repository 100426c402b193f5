package sago.sender.cli;

import picocli.CommandLine.Command;

/** {@code sago kit}: holds the commands about the kit. */
@Command(
        name = "kit",
        description = "The recovery kit.",
        subcommands = {KitVerifyCommand.class})
final class KitCommand extends CommandGroup {}
