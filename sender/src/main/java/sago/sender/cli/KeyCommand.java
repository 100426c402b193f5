package sago.sender.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import sago.common.cli.ExitCodes;

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
        })
final class KeyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        CommandLine line = spec.commandLine();
        line.usage(line.getErr());
        return ExitCodes.USAGE;
    }
}
