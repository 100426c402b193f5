package sago.sender.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import sago.common.cli.ExitCodes;

/** {@code sago kit}: holds the commands about the kit. */
@Command(
        name = "kit",
        description = "The recovery kit.",
        subcommands = {KitVerifyCommand.class})
final class KitCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        CommandLine line = spec.commandLine();
        line.usage(line.getErr());
        return ExitCodes.USAGE;
    }
}
