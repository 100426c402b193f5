package sago.common.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.settings.SettingsFiles;
import sago.common.settings.SettingsModel;

/** {@code config check}: everything that is wrong, not only the first. */
@Command(
        name = "check",
        description = "Check every key and value of the configuration, and name the place of each that is wrong.",
        footer = {"", "Example:  sago config check --config /etc/sago/sago.yaml"})
final class ConfigCheckCommand implements Callable<Integer> {
    private final Output output;
    private final Map<String, String> environment;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ConfigCheckCommand(Output output, Map<String, String> environment) {
        this.output = output;
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        SettingsFiles.Found found = read(spec, environment);
        List<SettingsModel.Problem> problems = new SettingsModel(spec.root()).check(found.section());
        problems.forEach(problem -> output.error("config", problem.place().toString(), problem.toString()));
        List<String> files = found.files().stream().map(Path::toString).toList();
        output.message(
                MessageType.SUMMARY,
                fields -> fields.list("config_files", files).put("problems", problems.size()));
        if (!problems.isEmpty()) {
            throw new FaultException(Fault.USAGE, Units.count(problems.size(), "mistake") + " in the configuration");
        }
        output.line(files.isEmpty() ? "no configuration file: defaults hold" : "right: " + String.join(", ", files));
        output.next("sago config show");
        return ExitCodes.OK;
    }

    /** Reads what {@code --config}, the variable or the default names. */
    static SettingsFiles.Found read(CommandSpec spec, Map<String, String> environment) throws IOException {
        String flag = spec.root().findOption(CommandModel.CONFIG).getValue();
        return SettingsFiles.read(flag, environment, System.getProperty("user.name", ""));
    }
}
