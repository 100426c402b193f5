package sago.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The launcher as tests use it: every command a process of its own, output in files. Confined to one thread. */
final class Cli {
    private static final long COMMAND_TIMEOUT_S = 120;

    private final Path folder;
    private final Map<String, String> variables = new HashMap<>();
    private List<String> prefix = List.of();
    private int commands;

    /** @param folder where outputs are kept, for a failing test's message */
    Cli(Path folder) {
        this.folder = folder;
    }

    /** Whether both nodes are packaged: the launcher then builds nothing. */
    static boolean isPackaged() {
        return hasJar("sender") && hasJar("receiver");
    }

    private static boolean hasJar(String module) {
        Path target = ProjectClasses.top().resolve(module).resolve("target");
        if (!Files.isDirectory(target.resolve("lib"))) {
            return false;
        }
        try (Stream<Path> files = Files.list(target)) {
            return files.anyMatch(file -> file.getFileName().toString().matches("sago-" + module + "-.*\\.jar"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A variable that commands see from now on. */
    void set(String name, String value) {
        variables.put(name, value);
    }

    /** What stands before the launcher from now on: a tracer and its flags. */
    void prefix(List<String> words) {
        prefix = List.copyOf(words);
    }

    /** How a command ended. */
    record Outcome(int exit, String out, String err) {
        /** The rest of the first line that begins so. */
        String after(String start) {
            return out.lines()
                    .filter(line -> line.startsWith(start))
                    .map(line -> line.substring(start.length()).strip())
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no line begins with " + start + " in\n" + out + err));
        }
    }

    Outcome run(String... arguments) throws IOException, InterruptedException {
        Running running = start(arguments);
        if (!running.process.waitFor(COMMAND_TIMEOUT_S, TimeUnit.SECONDS)) {
            running.process.destroyForcibly();
            throw new AssertionError("still running: sago " + String.join(" ", arguments) + "\n" + running.err());
        }
        return new Outcome(running.process.exitValue(), running.out(), running.err());
    }

    /** Runs a command that must succeed. */
    Outcome ok(String... arguments) throws IOException, InterruptedException {
        Outcome outcome = run(arguments);
        if (outcome.exit != 0) {
            throw new AssertionError("sago " + String.join(" ", arguments) + " ended with " + outcome.exit + "\n"
                    + outcome.out + outcome.err);
        }
        return outcome;
    }

    Running start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(ProjectClasses.top().resolve("bin/sago").toString());
        command.addAll(List.of(arguments));
        int number = ++commands;
        Path out = folder.resolve(number + ".out");
        Path err = folder.resolve(number + ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("SAGO_"));
        builder.environment().putAll(variables);
        return new Running(builder.start(), out, err);
    }

    /** A process that runs. */
    record Running(Process process, Path outFile, Path errFile) implements AutoCloseable {
        String out() throws IOException {
            return Files.readString(outFile, StandardCharsets.UTF_8);
        }

        String err() throws IOException {
            return Files.readString(errFile, StandardCharsets.UTF_8);
        }

        /** Waits until its output holds a word. */
        void awaitOutput(String word) throws IOException, InterruptedException {
            await(outFile, word);
        }

        /** Waits until its standard error holds a word. */
        void awaitError(String word) throws IOException, InterruptedException {
            await(errFile, word);
        }

        private void await(Path file, String word) throws IOException, InterruptedException {
            for (int left = 600; left > 0; left--) {
                if (Files.readString(file).contains(word)) {
                    return;
                }
                if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
                    break;
                }
            }
            throw new AssertionError("no \"" + word + "\" in\n" + out() + err());
        }

        /** SIGTERM, and its exit code. */
        int stop() throws InterruptedException {
            process.destroy();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("does not end on SIGTERM");
            }
            return process.exitValue();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
