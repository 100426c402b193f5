package sago.common.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code manual}: for those who package this program. */
@Command(
        name = "manual",
        hidden = true,
        description = "Write the manual pages of all commands, one file each, for man.",
        footer = {"", "Example:  sago manual --out /usr/local/share/man/man1"})
final class ManualCommand implements Callable<Integer> {
    private final Output output;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Made if it does not exist.")
    private Path out = Path.of("");

    ManualCommand(Output output) {
        this.output = output;
    }

    @Override
    public Integer call() throws IOException {
        List<String> pages = ManPages.write(spec.root().commandLine(), out);
        output.line(Units.count(pages.size(), "page") + " in " + out);
        output.message(MessageType.SUMMARY, fields -> fields.list("pages", pages));
        output.next("man -l " + out.resolve(pages.get(0)));
        return ExitCodes.OK;
    }
}
