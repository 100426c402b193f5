package sago.common.cli;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import sago.common.settings.SettingsSchema;

/** {@code config schema}: for editors that check while one writes. */
@Command(
        name = "schema",
        description = "Print the JSON schema of the configuration, made from the commands of this version.",
        footer = {"", "Example:  sago config schema > sago.schema.json"})
final class ConfigSchemaCommand implements Callable<Integer> {
    private final Output output;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ConfigSchemaCommand(Output output) {
        this.output = output;
    }

    @Override
    public Integer call() {
        output.takeStdout();
        byte[] schema = (SettingsSchema.of(spec.root()) + "\n").getBytes(StandardCharsets.UTF_8);
        output.out().write(schema, 0, schema.length);
        return ExitCodes.OK;
    }
}
