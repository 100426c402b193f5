package sago.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Command lines as processes from the classes under test, without the launcher. Confined to one thread. */
final class Command {
    private static final long TIMEOUT_S = 120;

    private final Path folder;
    private final Map<String, String> variables = new HashMap<>();
    private int count;

    /** @param folder where outputs are kept */
    Command(Path folder) {
        this.folder = folder;
        variables.put("SAGO_CONFIG", "/dev/null");
    }

    /** A variable that processes see from now on. */
    Command with(String name, String value) {
        variables.put(name, value);
        return this;
    }

    /** How a process ended. */
    record Outcome(int exit, List<String> out, List<String> err) {}

    Outcome run(String... arguments) throws IOException, InterruptedException {
        Running running = start(arguments);
        if (!running.process.waitFor(TIMEOUT_S, TimeUnit.SECONDS)) {
            running.process.destroyForcibly();
            throw new AssertionError("still running: " + String.join(" ", arguments) + "\n" + running.err());
        }
        return new Outcome(running.process.exitValue(), running.out(), running.err());
    }

    Running start(String... arguments) throws IOException {
        boolean isReceiver = arguments.length > 0 && arguments[0].equals("receiver");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx224m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                "-Dchronicle.analytics.disable=true",
                "-Dchronicle.disk.monitor.disable=true",
                "-Dchronicle.announcer.disable=true",
                "-cp",
                System.getProperty("java.class.path"),
                isReceiver ? "sago.receiver.cli.ReceiverMain" : "sago.sender.cli.SagoMain"));
        command.addAll(List.of(arguments).subList(isReceiver ? 1 : 0, arguments.length));
        count++;
        Path out = folder.resolve(count + ".out");
        Path err = folder.resolve(count + ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("SAGO_"));
        builder.environment().putAll(variables);
        builder.environment().put("LC_ALL", "C.UTF-8");
        return new Running(builder.start(), out, err);
    }

    /** A process that may go on. */
    record Running(Process process, Path outFile, Path errFile) implements AutoCloseable {
        List<String> out() throws IOException {
            return Files.readAllLines(outFile, StandardCharsets.UTF_8);
        }

        List<String> err() throws IOException {
            return Files.readAllLines(errFile, StandardCharsets.UTF_8);
        }

        /** Waits until a line of its results says so. */
        void until(String text) throws IOException, InterruptedException {
            long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_S);
            while (out().stream().noneMatch(line -> line.contains(text))) {
                if (System.nanoTime() > endNs || process.waitFor(50, TimeUnit.MILLISECONDS)) {
                    throw new AssertionError("never said " + text + ": " + out() + err());
                }
            }
        }

        @Override
        public void close() {
            process.destroy();
            try {
                if (!process.waitFor(TIMEOUT_S, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                process.destroyForcibly();
            }
        }
    }
}
