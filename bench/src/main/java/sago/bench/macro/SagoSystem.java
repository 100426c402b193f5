package sago.bench.macro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import sago.common.time.Clock;

/** Sago as its users run it: {@code bin/sago} for both ends. */
final class SagoSystem implements BackupSystem {
    private final String launcher;
    private final int port;
    private final Clock clock;

    SagoSystem(String launcher, int port, Clock clock) {
        this.launcher = launcher;
        this.port = port;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "sago";
    }

    @Override
    public String version() throws IOException, InterruptedException {
        return Commands.output(launcher, "version");
    }

    @Override
    public Running start(Path work) throws IOException, InterruptedException {
        Files.createDirectories(work);
        Path log = work.resolve("log");
        Path passphrase = Files.writeString(work.resolve("passphrase"), "bench bench bench\n");
        String home = work.resolve("home").toString();
        String site = work.resolve("site").toString();
        String address = "127.0.0.1:" + port;
        run(
                log,
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
                work.resolve("request").toString());
        run(
                log,
                "init",
                "--home",
                home,
                "--passphrase-file",
                passphrase.toString(),
                "--kit-out",
                work.resolve("kit").toString());
        run(
                log,
                "site",
                "add",
                work.resolve("request").toString(),
                "--home",
                home,
                "--address",
                address,
                "--passphrase-file",
                passphrase.toString(),
                "--grant-out",
                work.resolve("grant").toString(),
                "--yes");
        run(log, "receiver", "grant", work.resolve("grant").toString(), "--dir", site);
        Path serverLog = work.resolve("receiver.log");
        ProcessMeter server = ProcessMeter.start(List.of(launcher, "receiver", "run", "--dir", site), serverLog, clock);
        server.awaitOutput("ready", 30);
        return new Node(server, home, passphrase.toString(), work);
    }

    private void run(Path log, String... arguments) throws IOException, InterruptedException {
        ProcessMeter.start(Commands.line(launcher, arguments), log, clock).await();
    }

    /** One receiver with one home. */
    private final class Node implements Running {
        private final ProcessMeter server;
        private final String home;
        private final String passphrase;
        private final Path work;

        Node(ProcessMeter server, String home, String passphrase, Path work) {
            this.server = server;
            this.home = home;
            this.passphrase = passphrase;
            this.work = work;
        }

        @Override
        public ProcessMeter.Usage backup(Path data) throws IOException, InterruptedException {
            return meter("backup", "--dataset", "bench", data.toString());
        }

        @Override
        public ProcessMeter.Usage restore(Path target) throws IOException, InterruptedException {
            return meter("restore", "latest", "--target", target.toString());
        }

        @Override
        public ProcessMeter.Usage server() {
            return server.soFar();
        }

        @Override
        public long storedBytes() throws IOException {
            return Folders.contents(work.resolve("site")).bytes();
        }

        @Override
        public void close() throws IOException {
            server.close();
        }

        private ProcessMeter.Usage meter(String... arguments) throws IOException, InterruptedException {
            return ProcessMeter.start(
                            Commands.line(launcher, arguments),
                            work.resolve("log"),
                            clock,
                            "SAGO_HOME",
                            home,
                            "SAGO_PASSPHRASE_FILE",
                            passphrase)
                    .await();
        }
    }
}
