package sago.common.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completion for fish: one line for each command and flag, with a condition that tells which command is being typed. Confined to one thread. */
final class FishCompletion {
    private final CommandLine program;
    private final StringBuilder script = new StringBuilder();

    FishCompletion(CommandLine program) {
        this.program = program;
    }

    String script() {
        String name = program.getCommandName();
        String function = "__" + name + "_at";
        script.append("# Completion of ")
                .append(name)
                .append(" for fish, made by `")
                .append(name)
                .append(" completion fish`.\n");
        script.append("function ").append(function).append('\n');
        script.append("    set -l words\n");
        script.append("    for word in (commandline -opc)[2..-1]\n");
        script.append("        string match -q -- '-*' $word; or set -a words $word\n");
        script.append("    end\n");
        script.append("    test (count $words) -ge (count $argv); or return 1\n");
        script.append("    test (count $argv) -eq 0; and return 0\n");
        script.append("    test \"$words[1..\"(count $argv)\"]\" = \"$argv\"\n");
        script.append("end\n");
        script.append("function ").append(function).append("_end\n");
        script.append("    set -l words\n");
        script.append("    for word in (commandline -opc)[2..-1]\n");
        script.append("        string match -q -- '-*' $word; or set -a words $word\n");
        script.append("    end\n");
        script.append("    test \"$words\" = \"$argv\"\n");
        script.append("end\n");
        command(name, function, List.of(), program.getCommandSpec());
        return script.toString();
    }

    private void command(String name, String function, List<String> words, CommandSpec spec) {
        String path = String.join(" ", words);
        spec.subcommands().forEach((child, line) -> {
            CommandSpec childSpec = line.getCommandSpec();
            if (!childSpec.usageMessage().hidden()) {
                script.append("complete -c ").append(name).append(" -f -n ").append(quoted(function + "_end " + path));
                script.append(" -a ")
                        .append(child)
                        .append(" -d ")
                        .append(quoted(first(childSpec.usageMessage().description())));
                script.append('\n');
                List<String> longer = new ArrayList<>(words);
                longer.add(child);
                command(name, function, longer, childSpec);
            }
        });
        if (spec.subcommands().isEmpty()) {
            for (OptionSpec option : spec.options()) {
                if (!option.hidden()) {
                    option(name, function + " " + path, option);
                }
            }
        }
    }

    private void option(String name, String condition, OptionSpec option) {
        script.append("complete -c ").append(name).append(" -n ").append(quoted(condition));
        for (String flag : option.names()) {
            script.append(flag.startsWith("--") ? " -l " + flag.substring(2) : " -s " + flag.substring(1));
        }
        if (option.arity().min() > 0) {
            script.append(" -r");
        }
        script.append(" -d ").append(quoted(first(option.description()))).append('\n');
    }

    private static String first(String[] description) {
        return description.length == 0 ? "" : description[0];
    }

    private static String quoted(String text) {
        return "'" + text.replace("%%", "%").replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
