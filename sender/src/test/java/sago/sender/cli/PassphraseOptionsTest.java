package sago.sender.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.secret.SecretBytes;

class PassphraseOptionsTest {
    @TempDir
    private Path folder;

    @CommandLine.Command
    static final class Holder {
        @CommandLine.Mixin
        final PassphraseOptions options = new PassphraseOptions();
    }

    private static String read(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        Holder holder = new Holder();
        new CommandLine(holder).parseArgs(arguments);
        try (SecretBytes secret = holder.options.passphrase(environment, Terminal.ofProcess())) {
            return new String(secret.reveal(), StandardCharsets.UTF_8);
        }
    }

    private String file(String content) throws IOException {
        return Files.writeString(folder.resolve("passphrase"), content).toString();
    }

    @Test
    void takesTheFirstLineOfAFile() throws Exception {
        assertThat(read(Map.of(), "--passphrase-file", file("four words for me\r\nsecond")))
                .isEqualTo("four words for me");
        assertThat(read(Map.of(), "--passphrase-file", file("no end of line"))).isEqualTo("no end of line");
        assertThat(read(Map.of(), "--passphrase-file", file(" spaces stay \n"))).isEqualTo(" spaces stay ");
    }

    @Test
    void takesTheFirstLineThatACommandPrints() throws Exception {
        assertThat(read(Map.of(), "--passphrase-command", "echo from; echo command"))
                .isEqualTo("from");
    }

    @Test
    void takesTheCredentialOfSystemd() throws Exception {
        Files.writeString(folder.resolve("sago-passphrase"), "from systemd\n");
        assertThat(read(Map.of("CREDENTIALS_DIRECTORY", folder.toString()))).isEqualTo("from systemd");
    }

    @Test
    void refusesEmptyLongAndMissing() throws Exception {
        assertUsage("empty", "--passphrase-file", file("\nsecond"));
        assertUsage("more than", "--passphrase-file", file("x".repeat(5000)));
        assertUsage(
                "no passphrase file",
                "--passphrase-file",
                folder.resolve("none").toString());
        assertUsage("exit code 7", "--passphrase-command", "echo x; exit 7");
        assertUsage("no passphrase");
    }

    private static void assertUsage(String message, String... arguments) {
        assertThatThrownBy(() -> read(Map.of(), arguments))
                .hasMessageContaining(message)
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.USAGE));
    }
}
