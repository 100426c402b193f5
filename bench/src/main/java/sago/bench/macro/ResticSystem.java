package sago.bench.macro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import sago.common.time.Clock;

/** restic with its REST protocol, served by rclone (Debian has no rest-server): packages restic and rclone. */
final class ResticSystem implements BackupSystem {
    private final int port;
    private final Clock clock;

    ResticSystem(int port, Clock clock) {
        this.port = port;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "restic";
    }

    @Override
    public String version() throws IOException, InterruptedException {
        return Commands.output("restic", "version") + "; server: " + Commands.output("rclone", "version");
    }

    @Override
    public Running start(Path work) throws IOException, InterruptedException {
        Path repository = Files.createDirectories(work.resolve("repository"));
        Path passphrase = Files.writeString(work.resolve("passphrase"), "bench bench bench\n");
        ProcessMeter server = ProcessMeter.start(
                List.of("rclone", "serve", "restic", "--addr", "127.0.0.1:" + port, repository.toString()),
                Files.createFile(work.resolve("server.log")),
                clock);
        server.awaitOutput("127.0.0.1:" + port, 30);
        Node node = new Node(server, work, passphrase.toString());
        node.restic("init");
        return node;
    }

    /** One served repository. */
    private final class Node implements Running {
        private final ProcessMeter server;
        private final Path work;
        private final String passphrase;

        Node(ProcessMeter server, Path work, String passphrase) {
            this.server = server;
            this.work = work;
            this.passphrase = passphrase;
        }

        ProcessMeter.Usage restic(String... arguments) throws IOException, InterruptedException {
            return ProcessMeter.start(
                            Commands.line("restic", arguments),
                            work.resolve("log"),
                            clock,
                            "RESTIC_REPOSITORY",
                            "rest:http://127.0.0.1:" + port + "/",
                            "RESTIC_PASSWORD_FILE",
                            passphrase,
                            "RESTIC_CACHE_DIR",
                            work.resolve("cache").toString())
                    .await();
        }

        @Override
        public ProcessMeter.Usage backup(Path data) throws IOException, InterruptedException {
            return restic("backup", "--one-file-system", data.toString());
        }

        @Override
        public ProcessMeter.Usage restore(Path target) throws IOException, InterruptedException {
            return restic("restore", "latest", "--target", target.toString());
        }

        @Override
        public ProcessMeter.Usage server() {
            return server.soFar();
        }

        @Override
        public long storedBytes() throws IOException {
            return Folders.contents(work.resolve("repository")).bytes();
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
