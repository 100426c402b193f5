package sago.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import sago.bench.link.RelayCommand;
import sago.bench.macro.EndToEndCommand;

/** {@code sago bench …}: measures Sago on this machine, beside references measured in the same run. */
@Command(
        name = "sago bench",
        description = "Measures Sago on this machine, beside references measured in the same run.",
        subcommands = {EndToEndCommand.class, RelayCommand.class, CommandLine.HelpCommand.class})
public final class BenchMain {
    private BenchMain() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BenchMain()).execute(arguments));
    }
}
