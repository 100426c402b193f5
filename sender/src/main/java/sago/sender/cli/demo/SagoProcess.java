package sago.sender.cli.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/** Runs the launcher as a user would, with an environment of its own. Confined to one thread, but for the reader of a daemon's output. */
final class SagoProcess {
    private static final long READY_TIMEOUT_S = 60;
    private static final long STOP_TIMEOUT_S = 30;

    private final Path launcher;
    private final Map<String, String> variables;

    /** @param variables the only SAGO_* variables that the processes see */
    SagoProcess(Path launcher, Map<String, String> variables) {
        this.launcher = launcher;
        this.variables = Map.copyOf(variables);
    }

    /**
     * Runs a command to its end; its stderr goes to ours only if it fails.
     *
     * @return what it printed on stdout
     * @throws FaultException where it ends with another code than one of {@code accepted}
     */
    List<String> run(List<String> arguments, int... accepted) throws IOException, InterruptedException {
        Process process = builder(arguments).start();
        process.getOutputStream().close();
        List<String> errors = Collections.synchronizedList(new ArrayList<>());
        Thread reader =
                new Thread(() -> errors.addAll(lines(process.errorReader(StandardCharsets.UTF_8))), "demo-stderr");
        reader.start();
        List<String> output = lines(process.inputReader(StandardCharsets.UTF_8));
        int exit;
        try {
            exit = process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            throw e;
        }
        reader.join();
        for (int code : accepted) {
            if (exit == code) {
                return output;
            }
        }
        if (exit == 0) {
            return output;
        }
        errors.forEach(System.err::println);
        throw new FaultException(
                Fault.FATAL, "demo: `sago " + String.join(" ", arguments) + "` ended with exit code " + exit);
    }

    /** Starts a process that stays, and waits for a line with the word ready. */
    Daemon start(List<String> arguments) throws IOException, InterruptedException {
        Process process = builder(arguments)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        AtomicReference<@Nullable String> ready = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            try (BufferedReader output =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                String line;
                while ((line = output.readLine()) != null) {
                    synchronized (ready) {
                        if (ready.get() == null && line.contains("ready")) {
                            ready.set(line);
                            ready.notifyAll();
                        }
                    }
                }
            } catch (IOException closed) {
                process.destroy();
            }
            synchronized (ready) {
                ready.notifyAll();
            }
        });
        reader.setDaemon(true);
        reader.start();
        synchronized (ready) {
            for (long left = READY_TIMEOUT_S; ready.get() == null && process.isAlive() && left > 0; left--) {
                ready.wait(1000);
            }
        }
        if (ready.get() == null) {
            process.destroyForcibly();
            throw new FaultException(Fault.FATAL, "demo: the receiver did not become ready");
        }
        return new Daemon(process);
    }

    private ProcessBuilder builder(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(launcher.toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("SAGO_") && !name.equals("SAGO_JAVA_OPTS"));
        builder.environment().putAll(variables);
        return builder;
    }

    private static List<String> lines(BufferedReader reader) {
        return reader.lines().toList();
    }

    /** A process that stays until it is closed. */
    record Daemon(Process process) implements AutoCloseable {
        long pid() {
            return process.pid();
        }

        /** Asks it to end and waits. */
        int stop() throws InterruptedException {
            process.destroy();
            if (!process.waitFor(STOP_TIMEOUT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            return process.waitFor();
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
