package sago.bench.macro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code rclone sync} through a crypt remote to {@code rclone serve sftp}: encrypted, not packed, no permissions, no empty folders, no history. */
final class RcloneSystem implements BackupSystem {
    private static final String SECRET = "bench";

    private final int port;

    RcloneSystem(int port) {
        this.port = port;
    }

    @Override
    public String name() {
        return "rclone";
    }

    @Override
    public List<String> missing() {
        return Programs.isPresent("rclone") ? List.of() : List.of("rclone");
    }

    @Override
    public Map<String, String> versions() throws IOException, InterruptedException {
        return Map.of("rclone", Programs.firstLine("rclone", "version") + ", sync to crypt over serve sftp");
    }

    @Override
    public Running start(Sandbox sandbox, ProcessGroup server, Path work) throws IOException, InterruptedException {
        Path repository = Files.createDirectories(work.resolve("repository"));
        Map<String, String> environment = Map.of(
                "HOME", work.toString(), "XDG_CACHE_HOME", work.resolve("cache").toString());
        Invocation serve = new Invocation(
                List.of(
                        "rclone",
                        "serve",
                        "sftp",
                        "--addr",
                        "127.0.0.1:" + port,
                        "--user",
                        SECRET,
                        "--pass",
                        SECRET,
                        repository.toString()),
                environment,
                work);
        Path log = work.resolve("server.log");
        sandbox.awaitPort(port, server.start(serve, log), serve, log);
        String hidden = Programs.firstLine("rclone", "obscure", SECRET);
        Path remotes = Files.writeString(
                work.resolve("rclone.conf"),
                String.join(
                        "\n",
                        "[wire]",
                        "type = sftp",
                        "host = 127.0.0.1",
                        "port = " + port,
                        "user = " + SECRET,
                        "pass = " + hidden,
                        "[sealed]",
                        "type = crypt",
                        "remote = wire:",
                        "password = " + hidden,
                        ""));
        return new Repository(work, remotes, environment);
    }

    /** One served folder. */
    private record Repository(Path work, Path remotes, Map<String, String> environment) implements Running {
        private Invocation sync(String from, String to) {
            return new Invocation(
                    List.of("rclone", "sync", "--config", remotes.toString(), "--links", from, to), environment, work);
        }

        @Override
        public Invocation backup(Path data) {
            return sync(data.toString(), "sealed:");
        }

        @Override
        public Invocation backupImage(Path file) {
            return new Invocation(
                    List.of("rclone", "copy", "--config", remotes.toString(), file.toString(), "sealed:"),
                    environment,
                    work);
        }

        @Override
        public Invocation restore(Path data, Path target) {
            return sync("sealed:", target.toString());
        }

        @Override
        public Path restored(Path data, Path target) {
            return target;
        }

        @Override
        public Path stored() {
            return work.resolve("repository");
        }
    }
}
