package sago.bench.macro;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import sago.common.time.Clock;

/** Runs a client's command to its end and says what both ends took. Confined to one thread. */
record Meter(Sandbox sandbox, Clock clock) {
    Sample.Cost measure(Invocation invocation, ProcessGroup server, Path log) throws IOException, InterruptedException {
        return measure(invocation, server, log, client -> {});
    }

    /** @param watcher gets the client's group before anything runs in it */
    Sample.Cost measure(Invocation invocation, ProcessGroup server, Path log, Consumer<ProcessGroup> watcher)
            throws IOException, InterruptedException {
        new ProcessBuilder("sync").start().waitFor(); // what earlier runs wrote must not slow this one
        double serverBeforeS = server.cpuWhenQuietS();
        server.resetPeak();
        long wireBefore = sandbox.wireBytes();
        ProcessGroup client = sandbox.group("client");
        watcher.accept(client);
        long startNs = clock.monotonicNs();
        int status = client.start(invocation, log).waitFor();
        double wallS = (clock.monotonicNs() - startNs) / 1e9;
        if (status != 0) {
            throw ProcessGroup.failed(invocation, "exit status " + status, log);
        }
        Sample.Cost cost = new Sample.Cost(
                wallS,
                client.cpuS(),
                server.cpuWhenQuietS() - serverBeforeS,
                client.peakBytes(),
                server.peakBytes(),
                sandbox.wireBytes() - wireBefore);
        sandbox.close(client);
        return cost;
    }
}
