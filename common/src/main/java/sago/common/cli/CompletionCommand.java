package sago.common.cli;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code completion}: a script that completes commands and flags, made from the commands themselves. */
@Command(
        name = "completion",
        description = {
            "Print a script that completes commands and flags in a shell.",
            "bash:  sago completion bash > /etc/bash_completion.d/sago",
            "zsh:   source <(sago completion zsh)",
            "fish:  sago completion fish > ~/.config/fish/completions/sago.fish"
        },
        footer = {"", "Example:  source <(sago completion bash)"})
final class CompletionCommand implements Callable<Integer> {
    /** Shells that scripts can be made for. */
    enum Shell {
        BASH,
        ZSH,
        FISH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Output output;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "SHELL", description = "bash, zsh or fish.")
    private Shell shell = Shell.BASH;

    CompletionCommand(Output output) {
        this.output = output;
    }

    @Override
    public Integer call() {
        output.takeStdout();
        CommandLine program = program(spec.root().commandLine());
        String script = switch (shell) {
            // The script of bash works in zsh, too: it loads zsh's own emulation of bash's completion.
            case BASH, ZSH -> AutoComplete.bash(program.getCommandName(), program);
            case FISH -> new FishCompletion(program).script();
        };
        byte[] bytes = script.getBytes(StandardCharsets.UTF_8);
        output.out().write(bytes, 0, bytes.length);
        return ExitCodes.OK;
    }

    /** What one types: {@code sago receiver} is a word of {@code sago}. */
    static CommandLine program(CommandLine root) {
        String[] words = root.getCommandName().split(" ", 2);
        return words.length == 1
                ? root
                : new CommandLine(CommandSpec.create().name(words[0])).addSubcommand(words[1], root);
    }
}
