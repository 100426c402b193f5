package sago.sender.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import sago.common.cli.ExitCodes;

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
        })
final class SenderCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        CommandLine line = spec.commandLine();
        line.usage(line.getErr());
        return ExitCodes.USAGE;
    }
}
