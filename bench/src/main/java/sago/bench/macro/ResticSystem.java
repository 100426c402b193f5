package sago.bench.macro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** restic with its REST protocol, served by rest-server where it is on the PATH (Debian has none), by rclone otherwise. */
final class ResticSystem implements BackupSystem {
    private final int port;

    ResticSystem(int port) {
        this.port = port;
    }

    private static boolean hasRestServer() {
        return Programs.isPresent("rest-server");
    }

    @Override
    public String name() {
        return "restic";
    }

    @Override
    public List<String> missing() {
        List<String> missing = new ArrayList<>();
        if (!Programs.isPresent("restic")) {
            missing.add("restic");
        }
        if (!hasRestServer() && !Programs.isPresent("rclone")) {
            missing.add("rclone");
        }
        return missing;
    }

    @Override
    public Map<String, String> versions() throws IOException, InterruptedException {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("restic", Programs.firstLine("restic", "version"));
        versions.put(
                "restic server",
                hasRestServer()
                        ? Programs.firstLine("rest-server", "--version")
                        : Programs.firstLine("rclone", "version") + " serve restic");
        return versions;
    }

    @Override
    public Running start(Sandbox sandbox, ProcessGroup server, Path work) throws IOException, InterruptedException {
        Path repository = Files.createDirectories(work.resolve("repository"));
        Path passphrase = Files.writeString(work.resolve("passphrase"), "bench bench bench\n");
        String address = "127.0.0.1:" + port;
        Invocation serve = new Invocation(
                hasRestServer()
                        ? List.of("rest-server", "--no-auth", "--listen", address, "--path", repository.toString())
                        : List.of("rclone", "serve", "restic", "--addr", address, repository.toString()),
                Map.of("HOME", work.toString()),
                work);
        Path serverLog = work.resolve("server.log");
        sandbox.awaitPort(port, server.start(serve, serverLog), serve, serverLog);
        Repository running = new Repository(
                work,
                Map.of(
                        "RESTIC_REPOSITORY", "rest:http://" + address + "/",
                        "RESTIC_PASSWORD_FILE", passphrase.toString(),
                        "RESTIC_CACHE_DIR", work.resolve("cache").toString()));
        ProcessGroup setup = sandbox.group("setup");
        setup.run(running.restic("init"), work.resolve("setup.log"));
        sandbox.close(setup);
        return running;
    }

    /** One served repository. */
    private record Repository(Path work, Map<String, String> environment) implements Running {
        Invocation restic(String... arguments) {
            List<String> command = new ArrayList<>(List.of("restic"));
            command.addAll(List.of(arguments));
            return new Invocation(command, environment, work);
        }

        @Override
        public Invocation backup(Path data) {
            return restic("backup", data.toString());
        }

        @Override
        public Invocation restore(Path data, Path target) {
            return restic("restore", "latest", "--target", target.toString());
        }

        @Override
        public Path restored(Path data, Path target) {
            return target.resolve(data.toString().substring(1));
        }

        @Override
        public Path stored() {
            return work.resolve("repository");
        }
    }
}
