package sago.sender.cli;

import picocli.CommandLine.Command;
import sago.common.cli.CommandGroup;

/** {@code sago kit}: holds the commands about the kit. */
@Command(
        name = "kit",
        description = "The recovery kit.",
        subcommands = {KitVerifyCommand.class},
        footer = {"", "Example:  sago kit verify /media/usb/kit"})
final class KitCommand extends CommandGroup {}
