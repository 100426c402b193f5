package sago.bench.macro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** rsync over an sshd of our own: a plain copy, neither packed nor encrypted where it is stored. What a link and a disk can do, rather than a rival. */
final class RsyncSystem implements BackupSystem {
    private final int port;

    RsyncSystem(int port) {
        this.port = port;
    }

    @Override
    public String name() {
        return "rsync";
    }

    @Override
    public List<String> missing() {
        List<String> missing = new ArrayList<>();
        if (!Programs.isPresent("rsync")) {
            missing.add("rsync");
        }
        if (!SshDaemon.isAvailable()) {
            missing.addAll(SshDaemon.PACKAGES);
        }
        return missing;
    }

    @Override
    public Map<String, String> versions() throws IOException, InterruptedException {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("rsync", Programs.firstLine("rsync", "--version") + ", -a");
        versions.put("rsync server", SshDaemon.version());
        return versions;
    }

    @Override
    public Running start(Sandbox sandbox, ProcessGroup server, Path work) throws IOException, InterruptedException {
        Files.createDirectories(work.resolve("copy"));
        return new Copy(work, SshDaemon.start(sandbox, server, work, port).shell());
    }

    /** One folder that holds the copy. */
    private record Copy(Path work, String shell) implements Running {
        private Invocation rsync(String from, String to) {
            return new Invocation(List.of("rsync", "-a", "--delete", "-e", shell, from, to), Map.of(), work);
        }

        @Override
        public Invocation backup(Path data) {
            return rsync(data.toString(), "127.0.0.1:" + stored() + "/");
        }

        @Override
        public Invocation restore(Path data, Path target) throws IOException {
            return rsync("127.0.0.1:" + stored().resolve(data.getFileName()), Files.createDirectories(target) + "/");
        }

        @Override
        public Path restored(Path data, Path target) {
            return target.resolve(data.getFileName());
        }

        @Override
        public Path stored() {
            return work.resolve("copy");
        }
    }
}
