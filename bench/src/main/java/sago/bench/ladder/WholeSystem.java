package sago.bench.ladder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import sago.bench.ladder.ProcessAccount.Purpose;
import sago.common.time.Clock;

/** Sago as its users run it: a fresh site and a fresh home, one full backup over loopback. Used by one thread. */
final class WholeSystem {
    private static final long LOOK_MS = 20;
    private static final long START_S = 60;
    private static final int TAIL_CHARACTERS = 500;

    private final String launcher;
    private final int port;

    /**
     * CPU time of both ends together, with all they did since they were started.
     *
     * @param threads the same by end and thread, as far as threads were seen
     */
    record Usage(double cpuS, double wallS, Map<String, Double> threads) {
        Usage {
            threads = Collections.unmodifiableMap(new LinkedHashMap<>(threads));
        }

        /** What threads of this purpose spent. */
        double seconds(Purpose purpose) {
            return threads.entrySet().stream()
                    .filter(thread -> Purpose.of(thread.getKey()) == purpose)
                    .mapToDouble(Map.Entry::getValue)
                    .sum();
        }
    }

    WholeSystem(String launcher, int port) {
        this.launcher = launcher;
        this.port = port;
    }

    /**
     * Backs a folder up.
     *
     * @param work an empty folder
     */
    Usage run(Path data, Path work) throws IOException, InterruptedException {
        Path log = work.resolve("log");
        String passphrase = Files.writeString(work.resolve("passphrase"), "bench bench bench\n")
                .toString();
        String site = work.resolve("site").toString();
        String home = work.resolve("home").toString();
        String address = "127.0.0.1:" + port;
        String request = work.resolve("request").toString();
        String grant = work.resolve("grant").toString();
        List<String> asHome = List.of("--home", home, "--passphrase-file", passphrase);
        setUp(
                log,
                List.of("receiver", "init", "--dir", site, "--name", "bench", "--jurisdiction", "SG"),
                List.of("--listen", address, "--request-out", request));
        setUp(log, List.of("init", "--kit-out", work.resolve("kit").toString()), asHome);
        setUp(log, List.of("site", "add", request, "--address", address, "--grant-out", grant, "--yes"), asHome);
        setUp(log, List.of("receiver", "grant", grant), List.of("--dir", site));
        Path siteLog = work.resolve("site.log");
        Process receiver = start(siteLog, List.of("receiver", "run"), List.of("--dir", site));
        try {
            await(() -> isReady(siteLog), receiver, siteLog);
            return backUp(
                    receiver,
                    log,
                    List.of("backup", "--dataset", "bench", "--compression", "lz4", data.toString()),
                    asHome);
        } finally {
            receiver.destroy();
            if (!receiver.waitFor(START_S, TimeUnit.SECONDS)) {
                receiver.destroyForcibly().waitFor();
            }
        }
    }

    private Usage backUp(Process receiver, Path log, List<String> command, List<String> options)
            throws IOException, InterruptedException {
        ProcessAccount account = new ProcessAccount();
        double before = ProcessAccount.endedChildrenSeconds();
        long startNs = Clock.system().monotonicNs();
        Process backup = start(log, command, options);
        do {
            account.look("home", backup.pid());
            account.look("site", receiver.pid());
        } while (!backup.waitFor(LOOK_MS, TimeUnit.MILLISECONDS));
        double wallS = (Clock.system().monotonicNs() - startNs) / 1e9;
        account.look("site", receiver.pid());
        if (backup.exitValue() != 0) {
            throw new IOException("sago backup ended with " + backup.exitValue() + ": " + tail(log));
        }
        double cpuS = ProcessAccount.endedChildrenSeconds() - before + ProcessAccount.seconds(receiver.pid());
        return new Usage(cpuS, wallS, account.threads());
    }

    private void setUp(Path log, List<String> command, List<String> options) throws IOException, InterruptedException {
        int status = start(log, command, options).waitFor();
        if (status != 0) {
            throw new IOException("sago " + command.get(0) + " ended with " + status + ": " + tail(log));
        }
    }

    private Process start(Path log, List<String> command, List<String> options) throws IOException {
        List<String> line = new ArrayList<>();
        line.add(launcher);
        line.addAll(command);
        line.addAll(options);
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    private static void await(BooleanSupplier ready, Process process, Path log)
            throws IOException, InterruptedException {
        long deadline = Clock.system().monotonicNs() + TimeUnit.SECONDS.toNanos(START_S);
        while (!ready.getAsBoolean()) {
            if (!process.isAlive() || Clock.system().monotonicNs() > deadline) {
                throw new IOException("the receiver did not start: " + tail(log));
            }
            process.waitFor(LOOK_MS, TimeUnit.MILLISECONDS);
        }
    }

    private static boolean isReady(Path log) {
        try {
            return Files.readString(log, StandardCharsets.ISO_8859_1).contains("ready");
        } catch (IOException e) {
            return false;
        }
    }

    private static String tail(Path log) throws IOException {
        String text = Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
        return text.substring(Math.max(0, text.length() - TAIL_CHARACTERS)).strip();
    }
}
