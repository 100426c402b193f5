package sago.bench.macro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An sshd of our own on loopback with keys that are thrown away; nothing of the system's or the user's configuration is read. Immutable. */
record SshDaemon(String shell) {
    static final List<String> PACKAGES = List.of("openssh-server", "openssh-client");

    static boolean isAvailable() {
        return Programs.isPresent("sshd") && Programs.isPresent("ssh") && Programs.isPresent("ssh-keygen");
    }

    static String version() throws IOException, InterruptedException {
        return Programs.firstLine("ssh", "-V");
    }

    /** Starts it. {@link #shell} is then the command that takes the place of {@code ssh}; the host is 127.0.0.1. */
    static SshDaemon start(Sandbox sandbox, ProcessGroup server, Path work, int port)
            throws IOException, InterruptedException {
        Path folder = Files.createDirectories(work.resolve("ssh"));
        for (String key : List.of("host", "user")) {
            Programs.firstLine(
                    "ssh-keygen",
                    "-q",
                    "-t",
                    "ed25519",
                    "-N",
                    "",
                    "-f",
                    folder.resolve(key).toString());
        }
        Path daemon = Files.writeString(
                folder.resolve("sshd_config"),
                String.join(
                        "\n",
                        "Port " + port,
                        "ListenAddress 127.0.0.1",
                        "HostKey " + folder.resolve("host"),
                        "AuthorizedKeysFile " + folder.resolve("user.pub"),
                        "PidFile none",
                        "UsePAM no",
                        "UseDNS no",
                        "StrictModes no",
                        "PasswordAuthentication no",
                        "PermitRootLogin prohibit-password",
                        ""));
        Path client = Files.writeString(
                folder.resolve("ssh_config"),
                String.join(
                        "\n",
                        "Port " + port,
                        "IdentityFile " + folder.resolve("user"),
                        "IdentitiesOnly yes",
                        "BatchMode yes",
                        "StrictHostKeyChecking no",
                        "LogLevel ERROR",
                        "UserKnownHostsFile " + folder.resolve("known_hosts"),
                        ""));
        if (ProcessHandle.current().info().user().orElse("").equals("root")) {
            Files.createDirectories(Path.of("/run/sshd")); // sshd refuses to start as root without it
        }
        Invocation serve = new Invocation(
                List.of(Programs.find("sshd").orElseThrow().toString(), "-D", "-e", "-f", daemon.toString()),
                Map.of(),
                work);
        Path log = work.resolve("sshd.log");
        sandbox.awaitPort(port, server.start(serve, log), serve, log);
        return new SshDaemon("ssh -F " + client);
    }
}
