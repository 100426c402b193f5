package sago.sender.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.secret.SecretBytes;
import sago.sender.keys.Kit;

/** What opens the vault: a passphrase from a file, a command, systemd's credentials or a question, or the kit. Never the command line. */
final class PassphraseOptions {
    /** Name of the credential that systemd's LoadCredential gives. */
    private static final String CREDENTIAL = "sago-passphrase";

    /** Longer is a mistake, such as a wrong file. */
    private static final int BYTES_MAX = 4096;

    /** More is a mistake too, such as a photograph that a program may change. */
    private static final int KEY_FILE_BYTES_MAX = 64 << 10;

    private static final long COMMAND_TIMEOUT_S = 60;

    @Option(names = "--passphrase-file", paramLabel = "FILE", description = "The first line of FILE is the passphrase.")
    private @Nullable Path file;

    @Option(
            names = "--passphrase-command",
            paramLabel = "COMMAND",
            description = "The first line that COMMAND (run by sh) prints is the passphrase.")
    private @Nullable String command;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "FILE, a key file of the vault, opens it, instead of a passphrase.")
    private @Nullable Path keyFile;

    @Option(
            names = "--kit",
            paramLabel = "FILE",
            description = "The 24 words of the recovery kit in FILE open the vault, instead of a passphrase.")
    private @Nullable Path kit;

    /** The recovery kit, where it opens the vault; null where a passphrase does. The caller closes it. */
    @Nullable
    Kit kit() throws IOException {
        if (kit == null) {
            return null;
        }
        return readKit(kit);
    }

    /** The kit whose words are in a file. The caller closes it. */
    static Kit readKit(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            // Whoever copied the words from the screen may have kept their numbers.
            String words = new String(in.readNBytes(BYTES_MAX), StandardCharsets.UTF_8).replaceAll("[0-9]+", " ");
            return Kit.ofWords(words);
        } catch (NoSuchFileException e) {
            throw new FaultException(Fault.USAGE, "no kit file " + file, e);
        }
    }

    /** The content of the key file, where one opens the vault; null where something else does. The caller closes it. */
    @Nullable
    SecretBytes keyFile() throws IOException {
        return keyFile == null ? null : readKeyFile(keyFile);
    }

    /** All bytes of a key file. The caller closes them. */
    static SecretBytes readKeyFile(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(KEY_FILE_BYTES_MAX + 1);
            if (bytes.length > KEY_FILE_BYTES_MAX) {
                throw new FaultException(
                        Fault.USAGE, file + " is longer than a key file may be: take one of 32 random bytes");
            }
            return SecretBytes.of(bytes);
        } catch (NoSuchFileException e) {
            throw new FaultException(
                    Fault.USAGE, "no key file " + file + ": `head -c 32 /dev/urandom > " + file + "` makes one", e);
        }
    }

    /** The passphrase of an existing vault. The caller closes it. */
    SecretBytes passphrase(Map<String, String> environment, Terminal terminal)
            throws IOException, InterruptedException {
        SecretBytes given = given(environment);
        if (given != null) {
            return given;
        }
        SecretBytes typed = terminal.askSecret("passphrase: ");
        if (typed == null) {
            throw missing();
        }
        return typed;
    }

    /** A passphrase for a new vault: typed twice where it is typed. The caller closes it. */
    SecretBytes newPassphrase(Map<String, String> environment, Terminal terminal)
            throws IOException, InterruptedException {
        if (kit != null) {
            throw new FaultException(Fault.USAGE, "a new vault gets a new kit: leave --kit out");
        }
        return freshPassphrase(environment, terminal);
    }

    /** The same where a kit may be given too. */
    SecretBytes freshPassphrase(Map<String, String> environment, Terminal terminal)
            throws IOException, InterruptedException {
        SecretBytes given = given(environment);
        if (given != null) {
            return given;
        }
        return typedTwice(terminal);
    }

    /** A new passphrase: the first line of a file, or typed twice. The caller closes it. */
    static SecretBytes replacement(@Nullable Path file, Terminal terminal) throws IOException {
        return file == null ? typedTwice(terminal) : ofFile(file);
    }

    private static SecretBytes typedTwice(Terminal terminal) throws FaultException {
        SecretBytes first = terminal.askSecret("new passphrase: ");
        SecretBytes second = terminal.askSecret("once more: ");
        if (first == null || second == null) {
            throw new FaultException(
                    Fault.USAGE, "no new passphrase: use a terminal, or name a file that holds it; see --help");
        }
        try (second) {
            if (!first.equals(second)) {
                first.close();
                throw new FaultException(Fault.USAGE, "the two passphrases differ: nothing was made, run it again");
            }
        }
        return first;
    }

    private @Nullable SecretBytes given(Map<String, String> environment) throws IOException, InterruptedException {
        if (file != null) {
            return ofFile(file);
        }
        if (command != null) {
            return ofCommand(command);
        }
        String credentials = environment.get("CREDENTIALS_DIRECTORY");
        if (credentials != null && Files.exists(Path.of(credentials, CREDENTIAL))) {
            return ofFile(Path.of(credentials, CREDENTIAL));
        }
        return null;
    }

    private static SecretBytes ofFile(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return firstLine(in.readNBytes(BYTES_MAX + 1), file.toString());
        } catch (NoSuchFileException e) {
            throw new FaultException(Fault.USAGE, "no passphrase file " + file, e);
        }
    }

    private static SecretBytes ofCommand(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.getOutputStream().close();
        byte[] printed = process.getInputStream().readNBytes(BYTES_MAX + 1);
        if (!process.waitFor(COMMAND_TIMEOUT_S, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new FaultException(
                    Fault.USAGE, "the passphrase command did not end within " + COMMAND_TIMEOUT_S + " s");
        }
        if (process.exitValue() != 0) {
            throw new FaultException(Fault.USAGE, "the passphrase command ended with exit code " + process.exitValue());
        }
        return firstLine(printed, "the passphrase command");
    }

    /** Takes ownership of the bytes. */
    private static SecretBytes firstLine(byte[] bytes, String from) throws FaultException {
        int length = 0;
        while (length < bytes.length && bytes[length] != '\n') {
            length++;
        }
        if (length > 0 && bytes[length - 1] == '\r') {
            length--;
        }
        byte[] line = Arrays.copyOf(bytes, length);
        Arrays.fill(bytes, (byte) 0);
        if (length == 0 || length > BYTES_MAX) {
            throw new FaultException(
                    Fault.USAGE,
                    from + (length == 0 ? " gives an empty passphrase" : " gives more than " + BYTES_MAX + " bytes"));
        }
        return SecretBytes.of(line);
    }

    private static FaultException missing() {
        return new FaultException(
                Fault.USAGE, "no passphrase: use --passphrase-file, --passphrase-command, or a terminal");
    }
}
