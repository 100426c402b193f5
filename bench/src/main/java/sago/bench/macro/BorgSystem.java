package sago.bench.macro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * borg with {@code borg serve}, encrypted with repokey (AES-CTR, HMAC-SHA-256) and packed by LZ4, its default: through an sshd of our own, or, where there
 * is none, through a pipe to a {@code borg serve} beside it; then its work counts as the client's and nothing crosses the wire.
 */
final class BorgSystem implements BackupSystem {
    private final int port;

    BorgSystem(int port) {
        this.port = port;
    }

    @Override
    public String name() {
        return "borg";
    }

    @Override
    public List<String> missing() {
        return Programs.isPresent("borg") ? List.of() : List.of("borgbackup");
    }

    @Override
    public Map<String, String> versions() throws IOException, InterruptedException {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("borg", Programs.firstLine("borg", "--version") + ", repokey, lz4");
        versions.put(
                "borg server",
                SshDaemon.isAvailable()
                        ? "borg serve over " + SshDaemon.version()
                        : "borg serve through a pipe: no sshd here");
        return versions;
    }

    @Override
    public Running start(Sandbox sandbox, ProcessGroup server, Path work) throws IOException, InterruptedException {
        Map<String, String> environment = new HashMap<>();
        environment.put("BORG_PASSPHRASE", "bench bench bench");
        environment.put(
                "BORG_BASE_DIR", Files.createDirectories(work.resolve("borg")).toString());
        environment.put("BORG_RELOCATED_REPO_ACCESS_IS_OK", "yes");
        environment.put("BORG_RSH", shell(sandbox, server, work));
        environment.put("BORG_REPO", "ssh://127.0.0.1" + work.resolve("repository"));
        Repository running = new Repository(work, Map.copyOf(environment));
        ProcessGroup setup = sandbox.group("setup");
        setup.run(running.borg(work, "init", "--encryption", "repokey"), work.resolve("setup.log"));
        sandbox.close(setup);
        return running;
    }

    private String shell(Sandbox sandbox, ProcessGroup server, Path work) throws IOException, InterruptedException {
        if (SshDaemon.isAvailable()) {
            return SshDaemon.start(sandbox, server, work, port).shell();
        }
        Path pipe = Files.writeString(work.resolve("serve"), "#!/bin/sh\nexec borg serve\n");
        Files.setPosixFilePermissions(pipe, PosixFilePermissions.fromString("rwx------"));
        return pipe.toString();
    }

    /** One repository; counts its archives, each of which needs a name. */
    private static final class Repository implements Running {
        private final Path work;
        private final Map<String, String> environment;
        private int archives;

        Repository(Path work, Map<String, String> environment) {
            this.work = work;
            this.environment = environment;
        }

        Invocation borg(Path folder, String... arguments) {
            List<String> command = new ArrayList<>(List.of("borg"));
            command.addAll(List.of(arguments));
            return new Invocation(command, environment, folder);
        }

        @Override
        public Invocation backup(Path data) {
            archives++;
            return borg(work, "create", "--lock-wait", "60", "::run-" + archives, data.toString());
        }

        @Override
        public Invocation restore(Path data, Path target) throws IOException {
            return borg(Files.createDirectories(target), "extract", "::run-" + archives);
        }

        @Override
        public Path restored(Path data, Path target) {
            return target.resolve(data.toString().substring(1));
        }

        @Override
        public Path stored() {
            return work.resolve("repository");
        }
    }
}
