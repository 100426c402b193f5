package sago.common.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that only holds others: alone it is a wrong usage, which says what there is. */
public abstract class CommandGroup implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public final Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "say which: " + String.join(", ", spec.subcommands().keySet()));
    }
}
