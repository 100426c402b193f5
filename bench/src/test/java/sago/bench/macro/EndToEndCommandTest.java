package sago.bench.macro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import sago.bench.result.BenchResult;
import sago.bench.result.Fields;
import sago.bench.result.ResultFiles;

class EndToEndCommandTest {
    @TempDir
    private Path folder;

    private static String refused(String... arguments) {
        StringWriter said = new StringWriter();
        int status = new CommandLine(new EndToEndCommand())
                .setErr(new PrintWriter(said))
                .execute(arguments);
        assertThat(status).isEqualTo(2);
        return said.toString();
    }

    @Test
    void refusesNonsenseBeforeAnythingIsStarted() {
        assertThat(refused("--launcher", "/bin/true")).contains("nothing to back up");
        assertThat(refused("--launcher", "/bin/true", "--data", "/nowhere")).contains("neither a folder nor data");
        assertThat(refused("--launcher", "/bin/true", "--data", "logs:4")).contains("has no unit");
        assertThat(refused("--launcher", "/bin/true", "--data", "logs", "--against", "tar"))
                .contains("unknown rival 'tar'");
        assertThat(refused("--launcher", "/bin/true", "--data", "logs", "--cases", "image"))
                .contains("unknown case 'image'");
        assertThat(refused("--launcher", "/bin/true", "--data", "logs", "--rounds", "0"))
                .contains("at least 1");
        assertThat(refused("--launcher", "/bin/true", "--image", "/nowhere")).contains("is no file");
    }

    @Test
    void aRivalThatIsMissingIsNamedWithItsPackage() {
        BackupSystem none = new BackupSystem() {
            @Override
            public String name() {
                return "rsync";
            }

            @Override
            public List<String> missing() {
                return List.of("rsync", "openssh-server");
            }

            @Override
            public Map<String, String> versions() {
                return Map.of();
            }

            @Override
            public Running start(Sandbox sandbox, ProcessGroup server, Path work) {
                throw new IllegalStateException("it is not there");
            }
        };
        assertThat(EndToEndCommand.absent(none))
                .contains("rsync is absent")
                .contains("apt-get install rsync openssh-server");
    }

    @Test
    void measuresAWholeBackupWithRealProcesses() throws Exception {
        Path launcher = launcher();
        Path out = folder.resolve("result.json");
        int status = new CommandLine(new EndToEndCommand())
                .execute(
                        "--data", "small:200",
                        "--rounds", "1",
                        "--cases", "full,restore",
                        "--work", folder.toString(),
                        "--out", out.toString(),
                        "--port", "17620",
                        "--launcher", launcher.toString());
        assertThat(status).isZero();
        BenchResult result = ResultFiles.read(out);
        assertThat(result.kind()).isEqualTo("e2e");
        assertThat(result.samples()).hasSize(2).allSatisfy(sample -> {
            assertThat(Fields.number(sample, "cpu_s").orElseThrow()).isPositive();
            assertThat(Fields.number(sample, "client_peak_bytes").orElseThrow()).isGreaterThan(10e6);
            assertThat(Fields.number(sample, "server_peak_bytes").orElseThrow()).isGreaterThan(10e6);
            assertThat(Fields.number(sample, "wire_bytes").orElseThrow()).isGreaterThan(500_000);
        });
        assertThat(Fields.text(result.samples().get(1), "verified")).isEqualTo("contents, permissions and times");
        try (var left = Files.list(folder)) {
            assertThat(left).noneMatch(path -> path.toString().contains("sago-e2e-"));
        }
    }

    /** What bin/sago does, from the classes under test. */
    private Path launcher() throws Exception {
        String java = "exec '" + Path.of(System.getProperty("java.home"), "bin", "java")
                + "' -Xmx224m -XX:+UseSerialGC -XX:TieredStopAtLevel=1"
                + " --add-opens=java.base/java.lang.reflect=ALL-UNNAMED --add-opens=java.base/sun.nio.ch=ALL-UNNAMED"
                + " --add-exports=java.base/jdk.internal.ref=ALL-UNNAMED -Dchronicle.analytics.disable=true"
                + " -Dchronicle.disk.monitor.disable=true -Dchronicle.announcer.disable=true -cp '"
                + System.getProperty("java.class.path") + "'";
        Path launcher = Files.writeString(
                folder.resolve("launcher"),
                "#!/bin/sh\nexport LC_ALL=C.UTF-8\nif [ \"$1\" = receiver ]; then shift; " + java
                        + " sago.receiver.cli.ReceiverMain \"$@\"; fi\n" + java
                        + " sago.sender.cli.SagoMain \"$@\"\n");
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        return launcher;
    }
}
