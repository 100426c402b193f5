package sago.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who keeps out whom (docs/SURVIVAL.md, "Locks and leases"), with real processes. */
class LocksTest {
    private static final int LOCKED = 11;

    @TempDir
    private Path folder = Path.of("");

    private Cli sago;
    private String source;
    private String other;

    @BeforeEach
    void enrol() throws IOException, InterruptedException {
        assumeTrue(Cli.isPackaged(), "both nodes must be packaged: run mvn verify");
        folder = folder.toRealPath();
        sago = new Cli(Files.createDirectory(folder.resolve("output")));
        sago.set("SAGO_HOME", path("home"));
        sago.set(
                "SAGO_PASSPHRASE_FILE",
                Files.writeString(folder.resolve("passphrase"), "correct horse\n")
                        .toString());
        source = fill("source");
        other = fill("other");
        String address;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = "127.0.0.1:" + socket.getLocalPort();
        }
        String[] init = {"receiver", "init", "--dir", path("site"), "--name", "sg", "--jurisdiction", "SG"};
        sago.ok(with(init, "--listen", address, "--request-out", path("request")));
        sago.ok("init", "--kit-out", path("kit"));
        sago.ok("site", "add", path("request"), "--address", address, "--yes", "--grant-out", path("grant"));
        sago.ok("receiver", "grant", path("grant"), "--dir", path("site"));
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private static String[] with(String[] one, String... more) {
        String[] all = Arrays.copyOf(one, one.length + more.length);
        System.arraycopy(more, 0, all, one.length, more.length);
        return all;
    }

    private String fill(String name) throws IOException {
        byte[] bytes = new byte[3_000_000];
        new Random(name.hashCode()).nextBytes(bytes);
        Files.write(Files.createDirectory(folder.resolve(name)).resolve("file"), bytes);
        return path(name);
    }

    private Cli.Running receiver() throws IOException, InterruptedException {
        Cli.Running receiver = sago.start("receiver", "run", "--dir", path("site"));
        receiver.awaitOutput("ready");
        return receiver;
    }

    private static void signal(Cli.Running process, String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.process().pid()))
                .start()
                .waitFor();
    }

    @Test
    void aBackupKeepsOutWhatItMustAndNothingElse() throws IOException, InterruptedException {
        try (Cli.Running receiver = receiver()) {
            sago.ok("backup", "--dataset", "users", source);
            Cli.Outcome second = sago.run("receiver", "run", "--dir", path("site"));
            assertThat(second.exit()).isEqualTo(LOCKED);
            signal(receiver, "STOP");
            try (Cli.Running backup = sago.start("backup", "--dataset", "users", source, "-v")) {
                backup.awaitError("is locked for this process");
                Cli.Outcome same = sago.run("backup", "--dataset", "users", source);
                assertThat(same.exit()).isEqualTo(LOCKED);
                assertThat(same.err()).contains("dataset users is in use").containsPattern("\\(pid \\d+\\)");
                assertThat(sago.run("key", "rotate", "--dataset", "users").exit())
                        .isEqualTo(LOCKED);
                assertThat(sago.ok("status").out()).contains("users");
                try (Cli.Running beside = sago.start("backup", "--dataset", "logs", other)) {
                    signal(receiver, "CONT");
                    assertThat(beside.process().waitFor()).isZero();
                }
                assertThat(backup.process().waitFor()).isZero();
            }
            assertThat(receiver.stop()).isZero();
        }
    }

    @Test
    void aKilledBackupLeavesNeitherLockNorLease() throws IOException, InterruptedException {
        try (Cli.Running receiver = receiver()) {
            sago.ok("backup", "--dataset", "users", source);
            signal(receiver, "STOP");
            try (Cli.Running backup = sago.start("backup", "--dataset", "users", source, "-v")) {
                backup.awaitError("is locked for this process");
                backup.process().destroyForcibly().waitFor();
            }
            signal(receiver, "CONT");
            sago.ok("backup", "--dataset", "users", source);
            try (Cli.Running backup = sago.start("backup", "--dataset", "users", source)) {
                sago.ok("restore", "latest", "--target", path("restored"));
                assertThat(backup.process().waitFor()).isZero();
            }
            sago.ok("verify");
            assertThat(receiver.stop()).isZero();
        }
    }
}
