package sago.sender.cli;

import picocli.CommandLine.Command;
import sago.common.cli.CommandGroup;

/** {@code sago key}: holds the commands about keys. */
@Command(
        name = "key",
        description =
                "What opens the vault, passphrases and key files beside the recovery kit, and the keys of datasets.",
        subcommands = {
            KeyListCommand.class,
            KeyPassphraseCommand.class,
            KeyAddCommand.class,
            KeyRemoveCommand.class,
            KeyRotateCommand.class
        },
        footer = {"", "Example:  sago key list"})
final class KeyCommand extends CommandGroup {}
