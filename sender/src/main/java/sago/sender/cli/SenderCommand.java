package sago.sender.cli;

import picocli.CommandLine.Command;
import sago.common.cli.CommandGroup;

/** {@code sago sender}: holds the commands about senders. */
@Command(
        name = "sender",
        description = "Senders on hosts of their own: which host backs up which dataset.",
        subcommands = {
            SenderAddCommand.class,
            SenderJoinCommand.class,
            SenderListCommand.class,
            SenderRevokeCommand.class,
            SenderRebuildCommand.class
        },
        footer = {"", "Example:  sago sender list"})
final class SenderCommand extends CommandGroup {}
