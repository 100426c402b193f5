package sago.bench.macro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Sago as its users run it: {@code bin/sago} for both ends. */
final class SagoSystem implements BackupSystem {
    private static final String PASSPHRASE = "bench bench bench\n";

    private final String launcher;
    private final int port;
    private final List<String> options;

    /** @param options further options of {@code sago backup} */
    SagoSystem(String launcher, int port, List<String> options) {
        this.launcher = launcher;
        this.port = port;
        this.options = List.copyOf(options);
    }

    @Override
    public String name() {
        return "sago";
    }

    @Override
    public List<String> missing() {
        return List.of();
    }

    @Override
    public Map<String, String> versions() throws IOException, InterruptedException {
        return Map.of(
                "sago",
                Programs.firstLine(launcher, "version") + (options.isEmpty() ? "" : "; " + String.join(" ", options)));
    }

    @Override
    public Running start(Sandbox sandbox, ProcessGroup server, Path work) throws IOException, InterruptedException {
        Path log = work.resolve("setup.log");
        String passphrase =
                Files.writeString(work.resolve("passphrase"), PASSPHRASE).toString();
        String site = work.resolve("site").toString();
        String request = work.resolve("request").toString();
        String grant = work.resolve("grant").toString();
        String address = "127.0.0.1:" + port;
        Map<String, String> environment = Map.of(
                "SAGO_HOME",
                work.resolve("home").toString(),
                "SAGO_PASSPHRASE_FILE",
                passphrase,
                "SAGO_CONFIG",
                "/dev/null");
        ProcessGroup setup = sandbox.group("setup");
        for (List<String> step : List.of(
                List.of(
                        "receiver",
                        "init",
                        "--dir",
                        site,
                        "--name",
                        "bench",
                        "--jurisdiction",
                        "SG",
                        "--listen",
                        address,
                        "--request-out",
                        request),
                List.of("init", "--kit-out", work.resolve("kit").toString()),
                List.of("site", "add", request, "--address", address, "--grant-out", grant, "--yes"),
                List.of("receiver", "grant", grant, "--dir", site))) {
            setup.run(line(step, environment, work), log);
        }
        sandbox.close(setup);
        Invocation run = line(List.of("receiver", "run", "--dir", site), environment, work);
        Path serverLog = work.resolve("server.log");
        sandbox.awaitPort(port, server.start(run, serverLog), run, serverLog);
        return new Site(work, environment);
    }

    private Invocation line(List<String> arguments, Map<String, String> environment, Path folder) {
        List<String> command = new ArrayList<>();
        command.add(launcher);
        command.addAll(arguments);
        return new Invocation(command, environment, folder);
    }

    /** One receiver with one home. */
    private final class Site implements Running {
        private final Path work;
        private final Map<String, String> environment;

        Site(Path work, Map<String, String> environment) {
            this.work = work;
            this.environment = environment;
        }

        private Invocation backup(String... what) {
            List<String> arguments = new ArrayList<>(List.of("backup", "--dataset", "bench"));
            arguments.addAll(options);
            arguments.addAll(List.of(what));
            return line(arguments, environment, work);
        }

        @Override
        public Invocation backup(Path data) {
            return backup(data.toString());
        }

        @Override
        public Invocation backupImage(Path file) {
            return backup("--image", file.toString());
        }

        @Override
        public Invocation restore(Path data, Path target) {
            return line(List.of("restore", "latest", "--target", target.toString()), environment, work);
        }

        @Override
        public Path restored(Path data, Path target) {
            return target.resolve(data.toString().substring(1));
        }

        @Override
        public Path stored() {
            return work.resolve("site");
        }
    }
}
