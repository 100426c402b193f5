package sago.common.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.settings.Section;
import sago.common.settings.SettingsDefaults;
import sago.common.settings.SettingsFiles;
import sago.common.settings.SettingsModel;

/** {@code config show}: what holds without any flag, and why. */
@Command(
        name = "show",
        description = {
            "Show what every flag is without typing it, and where that comes from: a variable, a place in a file, or the default.",
            "Without a command only what is set is shown; with one, all of its flags."
        },
        footer = {"", "Example:  sago config show backup --dataset users"})
final class ConfigShowCommand implements Callable<Integer> {
    private static final String ROW = "%-16s  %-18s  %-30s  %s";
    private static final String SEVERAL = "(all)";

    private final Output output;
    private final Map<String, String> environment;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "Only this one, for example backup or key list.")
    private List<String> command = List.of();

    @Option(names = "--dataset", paramLabel = "NAME", description = "With the keys of this dataset.")
    private @Nullable String dataset;

    ConfigShowCommand(Output output, Map<String, String> environment) {
        this.output = output;
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        SettingsFiles.Found found = ConfigCheckCommand.read(spec, environment);
        SettingsModel model = new SettingsModel(spec.root());
        List<SettingsModel.Problem> problems = model.check(found.section());
        if (!problems.isEmpty()) {
            throw new FaultException(Fault.USAGE, problems.get(0) + "; `sago config check` shows all");
        }
        SettingsDefaults defaults = new SettingsDefaults(environment, found.section(), dataset);
        String wanted = String.join(" ", command);
        List<Row> rows = wanted.isEmpty() ? allSet(model, defaults, found.section()) : of(wanted, model, defaults);
        show(rows);
        List<String> files = found.files().stream().map(String::valueOf).toList();
        output.message(
                MessageType.SUMMARY,
                fields -> fields.list("config_files", files).put("settings", rows.size()));
        output.next("sago config check");
        return ExitCodes.OK;
    }

    /** @param scope command or dataset */
    private record Row(String scope, String key, SettingsDefaults.Effective effective) {}

    /** All keys of one command. */
    private static List<Row> of(String name, SettingsModel model, SettingsDefaults defaults) throws FaultException {
        SettingsModel.CommandKeys found = model.commands().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new FaultException(Fault.USAGE, "no command is named '" + name + "'"));
        return found.keys().stream()
                .map(key -> new Row(name, key.name(), defaults.effective(key.argument())))
                .toList();
    }

    /** What is set anywhere, once where several commands take it. */
    private static List<Row> allSet(SettingsModel model, SettingsDefaults defaults, Section settings) {
        Map<String, Row> rows = new LinkedHashMap<>();
        for (SettingsModel.CommandKeys one : model.commands()) {
            for (SettingsModel.Key key : one.keys()) {
                SettingsDefaults.Effective effective = defaults.effective(key.argument());
                if (effective.origin() != SettingsDefaults.Origin.DEFAULT) {
                    rows.merge(
                            key.name() + " " + effective.where(),
                            new Row(one.name(), key.name(), effective),
                            (before, again) -> new Row(SEVERAL, key.name(), effective));
                }
            }
        }
        for (SettingsModel.DatasetKey key : model.datasetKeys(settings)) {
            String where = key.value().place().toString();
            rows.put(
                    key.key() + " " + where,
                    new Row(
                            "dataset " + key.dataset(),
                            key.key(),
                            new SettingsDefaults.Effective(
                                    SettingsDefaults.Origin.FILE, key.value().items(), where)));
        }
        return List.copyOf(rows.values());
    }

    private void show(List<Row> rows) {
        output.line(
                rows.isEmpty()
                        ? "nothing is set: defaults hold"
                        : String.format(Locale.ROOT, ROW, "command", "key", "value", "from"));
        for (Row row : rows) {
            SettingsDefaults.Effective effective = row.effective;
            String from = effective.where().isEmpty() ? "default" : effective.where();
            String value = effective.items().isEmpty() ? "-" : String.join(", ", effective.items());
            output.line(String.format(Locale.ROOT, ROW, row.scope, row.key, value, from));
            output.message(
                    MessageType.ITEM,
                    fields -> fields.put("kind", "setting")
                            .put("scope", row.scope)
                            .put("key", row.key)
                            .list("values", effective.items())
                            .put("origin", effective.origin().name().toLowerCase(Locale.ROOT))
                            .put("from", from));
        }
    }
}
