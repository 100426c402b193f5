package sago.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both command lines as real processes: the first ten minutes, and what users see when something is wrong. */
class CommandLineTest {
    @TempDir
    private Path folder;

    private Cli sago;
    private Path source;
    private String address;

    @BeforeEach
    void prepare() throws IOException {
        assumeTrue(Cli.isPackaged(), "both nodes must be packaged: run mvn verify");
        folder = folder.toRealPath();
        sago = new Cli(Files.createDirectory(folder.resolve("output")));
        sago.set("SAGO_HOME", folder.resolve("home").toString());
        sago.set("SAGO_PASSPHRASE_FILE", write("passphrase", "correct horse\n"));
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = "127.0.0.1:" + socket.getLocalPort();
        }
        source = Files.createDirectory(folder.resolve("source"));
        fill();
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private void fill() throws IOException {
        Random random = new Random(7);
        for (int i = 0; i < 40; i++) {
            byte[] bytes = new byte[random.nextInt(100_000)];
            random.nextBytes(bytes);
            Path file = Files.write(
                    Files.createDirectories(source.resolve("d" + i % 5)).resolve("f" + i), bytes);
            Files.setLastModifiedTime(file, FileTime.fromMillis(1_600_000_000_000L + i));
        }
        Files.writeString(source.resolve("äöü 史庫"), "text");
        Files.createSymbolicLink(source.resolve("link"), Path.of("d1/f1"));
        Files.setPosixFilePermissions(source.resolve("d0/f0"), PosixFilePermissions.fromString("r-x--x---"));
        Files.createDirectory(source.resolve("empty"));
    }

    private void enrol() throws IOException, InterruptedException {
        String site = folder.resolve("site").toString();
        Cli.Outcome init = sago.ok(
                "receiver",
                "init",
                "--dir",
                site,
                "--name",
                "sg",
                "--jurisdiction",
                "SG",
                "--listen",
                address,
                "--request-out",
                folder.resolve("request").toString());
        sago.ok("init", "--kit-out", folder.resolve("kit").toString());
        Cli.Outcome added = sago.ok(
                "site",
                "add",
                folder.resolve("request").toString(),
                "--address",
                address,
                "--yes",
                "--grant-out",
                folder.resolve("grant").toString());
        assertThat(added.after("site sg, SG, identity")).startsWith(init.after("identity"));
        sago.ok("receiver", "grant", folder.resolve("grant").toString(), "--dir", site);
    }

    private Cli.Running receiver() throws IOException, InterruptedException {
        Cli.Running receiver =
                sago.start("receiver", "run", "--dir", folder.resolve("site").toString());
        receiver.awaitOutput("ready");
        return receiver;
    }

    private Path restored() {
        return folder.resolve("restored").resolve(Path.of("/").relativize(source));
    }

    private static void assertSameTree(Path one, Path other) throws IOException {
        try (Stream<Path> walk = Files.walk(one)) {
            for (Path path : walk.toList()) {
                Path copy = other.resolve(one.relativize(path));
                String attributes = "unix:mode,uid,gid,lastModifiedTime";
                assertThat(Files.readAttributes(copy, attributes, LinkOption.NOFOLLOW_LINKS))
                        .as("attributes of " + copy)
                        .isEqualTo(Files.readAttributes(path, attributes, LinkOption.NOFOLLOW_LINKS));
                if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    assertThat(Files.mismatch(path, copy))
                            .as("bytes of " + copy)
                            .isEqualTo(-1);
                } else if (Files.isSymbolicLink(path)) {
                    assertThat(Files.readSymbolicLink(copy)).isEqualTo(Files.readSymbolicLink(path));
                }
            }
        }
        try (Stream<Path> there = Files.walk(other);
                Stream<Path> here = Files.walk(one)) {
            assertThat(there.count()).isEqualTo(here.count());
        }
    }

    @Test
    void whatWasBackedUpComesBack() throws IOException, InterruptedException {
        enrol();
        try (Cli.Running receiver = receiver()) {
            Cli.Outcome backup = sago.ok("backup", "--dataset", "users", source.toString());
            assertThat(backup.after("snapshot")).contains("users").containsPattern("receipts sg (\\d+)/\\1");
            Files.move(folder.resolve("home/vault"), folder.resolve("vault-elsewhere"));
            sago.set("SAGO_PASSPHRASE_FILE", folder.resolve("no-such-file").toString());
            Files.writeString(source.resolve("d1/new"), "a new file");
            sago.ok("backup", "--dataset", "users", source.toString());
            assertThat(sago.ok("snapshots").out().lines().filter(line -> line.contains("users")))
                    .hasSize(2);
            assertThat(sago.ok("status").out()).contains("users").contains("sg");
            assertThat(sago.run("restore", "latest", "--target", restored().toString())
                            .exit())
                    .isIn(10, 12);
            assertThat(sago.ok("verify").out()).contains("roots equal");

            Files.move(folder.resolve("vault-elsewhere"), folder.resolve("home/vault"));
            sago.set("SAGO_PASSPHRASE_FILE", folder.resolve("passphrase").toString());
            sago.ok("restore", "latest", "--target", folder.resolve("restored").toString());
            assertSameTree(source, restored());
            assertThat(sago.ok("ls", "latest", source.resolve("d1").toString()).out())
                    .contains("d1/new");
            sago.ok("verify", "--read-data");
            assertThat(receiver.stop()).isZero();
        }
    }

    @Test
    void aReceiverThatWasKilledIsFoundAsItWas() throws IOException, InterruptedException {
        enrol();
        try (Cli.Running first = receiver()) {
            sago.ok("backup", "--dataset", "users", source.toString());
            first.process().destroyForcibly().waitFor();
        }
        assertThat(sago.run("verify").exit()).isEqualTo(5);
        try (Cli.Running second = receiver()) {
            garbage();
            sago.ok("verify", "--read-data");
            sago.ok("restore", "latest", "--target", folder.resolve("restored").toString());
            assertSameTree(source, restored());
            assertThat(second.stop()).isZero();
        }
    }

    @Test
    void aPackThatDecaysIsFoundAndStoredAgain() throws IOException, InterruptedException {
        enrol();
        try (Cli.Running receiver = receiver()) {
            sago.ok("backup", "--dataset", "users", source.toString());
            try (Stream<Path> files = Files.walk(folder.resolve("site"))) {
                Path pack = files.filter(file -> file.toString().endsWith(".pack"))
                        .max((a, b) ->
                                Long.compare(a.toFile().length(), b.toFile().length()))
                        .orElseThrow();
                byte[] bytes = Files.readAllBytes(pack);
                bytes[bytes.length / 2] ^= 1;
                Files.write(pack, bytes);
            }
            Cli.Outcome verify = sago.run("verify");
            assertThat(verify.exit()).isEqualTo(15);
            assertThat(verify.err()).contains("is not what was sent");
            assertThat(sago.run(
                                    "restore",
                                    "latest",
                                    "--target",
                                    folder.resolve("damaged").toString())
                            .exit())
                    .isEqualTo(15);

            sago.ok("backup", "--dataset", "users", source.toString());
            sago.ok("restore", "latest", "--target", folder.resolve("restored").toString());
            assertSameTree(source, restored());
            // The newest snapshot is whole; the first one still stands on the pack.
            Cli.Outcome again = sago.run("verify", "--read-data");
            assertThat(again.exit()).isEqualTo(15);
            assertThat(again.out()).contains("verified users").doesNotContain("as absent");
            Matcher harmed = Pattern.compile("snapshot ([0-9a-f]{12}) stands on 1 of these packs")
                    .matcher(again.err());
            assertThat(harmed.find()).as(again.err()).isTrue();
            sago.ok("forget", "--dataset", "users", "--minimum-age", "1s", harmed.group(1));
            sago.ok("verify", "--read-data");
            assertThat(receiver.stop()).isZero();
        }
    }

    @Test
    void forgetSaysWhyNothingGoesAndWithoutAMinimumAgeLetsAllGoThatNoRuleKeeps()
            throws IOException, InterruptedException {
        enrol();
        try (Cli.Running receiver = receiver()) {
            sago.ok("backup", "--dataset", "users", source.toString());
            Files.writeString(source.resolve("later"), "only in the second snapshot");
            sago.ok("backup", "--dataset", "users", source.toString());
            sago.ok("verify");

            Cli.Outcome young = sago.ok("forget", "--dataset", "users", "--keep-last", "1");
            assertThat(young.out())
                    .contains("all 2 snapshots stay, 1 of them only for being younger than the minimum age of 1d00h");
            assertThat(young.out().lines().reduce("", (before, line) -> line)).contains("older than the minimum age");

            assertThat(sago.run("forget", "--dataset", "users", "--keep-last", "1", "--minimum-age", "soon")
                            .err())
                    .contains("or 0 for none");
            Cli.Outcome none = sago.ok("forget", "--dataset", "users", "--keep-last", "1", "--minimum-age", "0");
            assertThat(none.out()).contains("1 snapshot;").doesNotContain("younger");
            assertThat(receiver.stop()).isZero();
        }
    }

    @Test
    void aSiteThatShowsAnOlderStateIsFoundOut() throws IOException, InterruptedException {
        enrol();
        Path site = folder.resolve("site");
        Path before = folder.resolve("site-before");
        try (Cli.Running receiver = receiver()) {
            sago.ok("backup", "--dataset", "users", source.toString());
            assertThat(receiver.stop()).isZero();
        }
        copy(site, before);
        try (Cli.Running receiver = receiver()) {
            Files.writeString(source.resolve("later"), "only in the second snapshot");
            sago.ok("backup", "--dataset", "users", source.toString());
            assertThat(receiver.stop()).isZero();
        }
        Files.move(site, folder.resolve("site-after"));
        Files.move(before, site);
        try (Cli.Running receiver = receiver()) {
            Cli.Outcome verify = sago.run("verify");
            assertThat(verify.exit()).isEqualTo(15);
            assertThat(verify.err()).contains("was committed there and the site does not show it");
            assertThat(receiver.stop()).isZero();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    @Test
    void aTermSignalLeavesWhatIsDurable() throws IOException, InterruptedException {
        enrol();
        try (Cli.Running receiver = receiver()) {
            sago.ok("backup", "--dataset", "users", source.toString());
            // A pipe would block a reader for ever; a receiver that stands still blocks the sender in the same way.
            new ProcessBuilder("kill", "-STOP", Long.toString(receiver.process().pid()))
                    .start()
                    .waitFor();
            try (Cli.Running backup = sago.start("backup", "--dataset", "users", source.toString(), "-v")) {
                backup.awaitError("is locked for this process");
                assertThat(backup.stop()).isEqualTo(20);
                assertThat(backup.err()).contains("sago: ").doesNotContain("Exception");
            }
            new ProcessBuilder("kill", "-CONT", Long.toString(receiver.process().pid()))
                    .start()
                    .waitFor();
            sago.ok("backup", "--dataset", "users", source.toString());
            assertThat(receiver.stop()).isZero();
        }
    }

    /** What a scanner sends to an open port: the receiver answers nobody and goes on. */
    private void garbage() throws IOException {
        String host = address.substring(0, address.indexOf(':'));
        int port = Integer.parseInt(address.substring(host.length() + 1));
        for (int i = 0; i < 20; i++) {
            try (Socket socket = new Socket(host, port)) {
                OutputStream out = socket.getOutputStream();
                out.write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                out.write(new byte[100_000]);
            } catch (java.net.SocketException closedByPeer) {
                assertThat(closedByPeer.getMessage()).isNotBlank();
            }
        }
    }

    @Test
    void everyMistakeHasItsExitCodeAndOneLine() throws IOException, InterruptedException {
        assertFault(10, "backup", source.toString());
        assertFault(10, "restore", "latest", "--target", restored().toString());
        enrol();
        assertFault(2, "init");
        assertFault(2, "site", "add", "sago-req1:nonsense", "--address", address, "--yes");
        assertFault(2, "site", "add", folder.resolve("request").toString(), "--address", "nowhere", "--yes");
        assertFault(2, "backup");
        assertFault(5, "backup", "--dataset", "users", source.toString());
        try (Cli.Running receiver = receiver()) {
            sago.ok("backup", "--dataset", "users", source.toString());
            assertFault(18, "restore", "0123456789ab", "--target", restored().toString());
            assertFault(
                    18,
                    "restore",
                    "latest",
                    "--dataset",
                    "others",
                    "--target",
                    restored().toString());
            assertFault(
                    18,
                    "backup",
                    "--dataset",
                    "users",
                    folder.resolve("missing").toString());
            assertFault(18, "backup", "--dataset", "users", "--site", "hk", source.toString());
            write("passphrase", "wrong horse\n");
            assertFault(12, "restore", "latest", "--target", restored().toString());
            assertFault(12, "backup", "--dataset", "secrets", "--class", "personal", source.toString());
            write("passphrase", "correct horse\n");
            assertFault(17, "backup", "--dataset", "secrets", "--class", "personal", source.toString());
            assertThat(receiver.stop()).isZero();
        }
    }

    private void assertFault(int exit, String... arguments) throws IOException, InterruptedException {
        Cli.Outcome outcome = sago.run(arguments);
        assertThat(outcome.exit())
                .as(String.join(" ", arguments) + "\n" + outcome.err())
                .isEqualTo(exit);
        assertThat(outcome.err()).contains("sago: ").doesNotContain("\tat ").doesNotContain("Exception");
    }

    @Test
    void helpTeachesWithAnExample() throws IOException, InterruptedException {
        for (String command :
                new String[] {"init", "backup", "snapshots", "ls", "status", "restore", "verify", "demo", "version"}) {
            Cli.Outcome help = sago.ok(command, "--help");
            assertThat(help.out()).as(command).contains("Example:  sago " + command);
        }
        assertThat(sago.ok("site", "add", "--help").out()).contains("Example:");
        assertThat(sago.ok("receiver", "--help").out())
                .contains("init")
                .contains("grant")
                .contains("run");
        assertThat(sago.run("nonsense").exit()).isEqualTo(2);
    }
}
