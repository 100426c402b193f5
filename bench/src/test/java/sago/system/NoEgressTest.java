package sago.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No connection is ever opened but to configured peers: seen from the kernel's side, and in what is shipped. */
class NoEgressTest {
    /** An internet address in a line of strace: port, then address. */
    private static final Pattern DESTINATION =
            Pattern.compile("sin6?_port=htons\\((\\d+)\\).*?(?:inet_addr\\(\"|inet_pton\\(AF_INET6, \")([^\"]*)\"");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aBackupAndARestoreReachNothingButTheSite() throws Exception {
        assumeTrue(Cli.isPackaged(), "both nodes must be packaged: run mvn verify");
        assumeTrue(canTrace(), "strace is missing or may not trace here");
        Cli sago = new Cli(Files.createDirectory(folder.resolve("output")));
        sago.set("SAGO_HOME", folder.resolve("home").toString());
        sago.set("SAGO_PASSPHRASE_FILE", write("passphrase", "correct horse\n"));
        int port = enrol(sago);
        String source = write("source", "words that stay at home\n");
        try (Cli.Running receiver =
                sago.start("receiver", "run", "--dir", folder.resolve("site").toString())) {
            receiver.awaitOutput("ready");
            Set<String> site = Set.of(port + " ::ffff:127.0.0.1", port + " 127.0.0.1");
            sago.prefix(strace("backup"));
            sago.ok("backup", "--dataset", "words", source);
            assertThat(destinations("backup")).isNotEmpty().isSubsetOf(site);
            sago.prefix(strace("restore"));
            sago.ok("restore", "latest", "--target", folder.resolve("back").toString());
            assertThat(destinations("restore")).isNotEmpty().isSubsetOf(site);
            sago.prefix(strace("status"));
            sago.ok("status");
            assertThat(destinations("status")).isEmpty();
        }
    }

    @Test
    void theTraceSeesWhereAConnectionGoes() {
        assertThat(destinations(List.of(
                        "12 connect(7, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr(\"142.250.1.1\")}, 16) = 0",
                        "12 sendto(9, \"..\", 20, 0, {sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, 12) = 20",
                        "12 connect(8, {sa_family=AF_INET6, sin6_port=htons(7443), sin6_flowinfo=htonl(0),"
                                + " inet_pton(AF_INET6, \"::ffff:10.0.0.1\", &sin6_addr), sin6_scope_id=0}, 28) = 0")))
                .containsExactlyInAnyOrder("443 142.250.1.1", "7443 ::ffff:10.0.0.1");
    }

    @Test
    void nothingThatReportsUsageIsOnTheClassPath() throws IOException {
        List<String> entries = List.of(System.getProperty("java.class.path", "").split(java.io.File.pathSeparator, -1));
        assertThat(entries).isNotEmpty().noneMatch(entry -> entry.contains("chronicle-analytics"));
        for (String type : List.of(
                "net.openhft.chronicle.analytics.Analytics", "net.openhft.chronicle.analytics.AnalyticsFacade")) {
            assertThat(getClass().getClassLoader().getResource(type.replace('.', '/') + ".class"))
                    .as(type)
                    .isNull();
        }
        for (String module : List.of("sender", "receiver")) {
            Path lib = ProjectClasses.top().resolve(module).resolve("target/lib");
            if (Files.isDirectory(lib)) {
                try (Stream<Path> jars = Files.list(lib)) {
                    assertThat(jars).noneMatch(jar -> jar.toString().contains("analytics"));
                }
            }
        }
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    /** Introduces home and site; the port of the site. */
    private int enrol(Cli sago) throws IOException, InterruptedException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String address = "127.0.0.1:" + port;
        String site = folder.resolve("site").toString();
        String request = folder.resolve("request").toString();
        String grant = folder.resolve("grant").toString();
        sago.ok(
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
                request);
        sago.ok("init", "--kit-out", folder.resolve("kit").toString());
        sago.ok("site", "add", request, "--address", address, "--yes", "--grant-out", grant);
        sago.ok("receiver", "grant", grant, "--dir", site);
        return port;
    }

    private static boolean canTrace() throws IOException, InterruptedException {
        try {
            return new ProcessBuilder("strace", "-f", "-qq", "-o", "/dev/null", "true")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    private List<String> strace(String name) {
        return List.of(
                "strace",
                "-f",
                "-qq",
                "-e",
                "trace=connect,sendto,sendmsg,sendmmsg",
                "-o",
                folder.resolve(name + ".trace").toString());
    }

    private Set<String> destinations(String name) throws IOException {
        return destinations(Files.readAllLines(folder.resolve(name + ".trace")));
    }

    private static Set<String> destinations(List<String> trace) {
        Set<String> found = new TreeSet<>();
        for (String line : trace) {
            for (Matcher matcher = DESTINATION.matcher(line); matcher.find(); ) {
                found.add(matcher.group(1) + " " + matcher.group(2));
            }
        }
        return found;
    }
}
