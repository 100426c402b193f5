package sago.receiver.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sago.common.cli.ExitCodes;
import sago.common.cli.Signals;
import sago.common.cli.Units;
import sago.common.fault.FaultException;
import sago.common.time.Clock;
import sago.receiver.node.ListenAddress;
import sago.receiver.node.SiteNode;

/** {@code run}: the site itself, in the foreground. */
@Command(
        name = "run",
        description = {
            "Run the site in the foreground. Prints one line with the word ready when it listens.",
            "SIGTERM or Ctrl-C: takes nothing new, finishes what it received, exits 0."
        })
final class RunCommand implements Callable<Integer> {
    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "Folder of the site.")
    private Path dir = Path.of("");

    @Option(
            names = "--metrics",
            paramLabel = "HOST:PORT",
            description = "Serve Prometheus metrics at /metrics and health at /healthz, for example on 127.0.0.1:9443.")
    private @Nullable String metrics;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Ends with nothing when it was asked to stop, with a fault when the site can promise nothing any more. */
    private final CompletableFuture<Optional<FaultException>> end = new CompletableFuture<>();

    @Override
    public Integer call() throws Exception {
        Optional<ListenAddress> metricsAddress =
                metrics == null ? Optional.empty() : Optional.of(ListenAddress.parse(metrics));
        Signals.onStop(signal -> end.complete(Optional.empty()));
        try (SiteNode node =
                SiteNode.start(SiteNode.Options.of(dir, metricsAddress), Clock.system(), new SecureRandom())) {
            node.failure().thenAccept(failure -> end.complete(Optional.of(failure)));
            PrintWriter out = spec.commandLine().getOut();
            node.metricsAddress()
                    .ifPresent(address -> out.println(
                            "metrics on http://" + address.getHostString() + ":" + address.getPort() + "/metrics"));
            out.println("ready on " + node.listen() + ", home "
                    + node.homeWords().orElse("no grant yet (sago receiver grant)") + ", free "
                    + Units.bytes(node.freeBytes()));
            out.flush();
            Optional<FaultException> failure = end.get();
            if (failure.isPresent()) {
                throw failure.get();
            }
        }
        return ExitCodes.OK;
    }
}
