package sago.receiver.cli;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sago.common.cli.DurationConverter;
import sago.common.cli.ExitCodes;
import sago.common.cli.MessageType;
import sago.common.cli.Output;
import sago.common.cli.OutputOwner;
import sago.common.cli.Signals;
import sago.common.cli.Units;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;
import sago.common.net.ServiceNotifier;
import sago.common.time.Clock;
import sago.receiver.node.ListenAddress;
import sago.receiver.node.SiteNode;

/** {@code run}: the site itself, in the foreground. */
@Command(
        name = "run",
        description = {
            "Run the site in the foreground. Prints one line with the word ready when it listens.",
            "SIGTERM or Ctrl-C: takes nothing new, finishes what it received, exits 0; after 15 s it is halted with 1."
        },
        footer = {"", "Example:  sago receiver run --dir /srv/sago --metrics 127.0.0.1:9443"})
final class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "Folder of the site.")
    private Path dir = Path.of("");

    @Option(
            names = "--metrics",
            paramLabel = "HOST:PORT",
            description = "Serve Prometheus metrics at /metrics and health at /healthz, for example on 127.0.0.1:9443.")
    private @Nullable String metrics;

    @Option(
            names = "--grace",
            paramLabel = "D",
            converter = DurationConverter.class,
            defaultValue = "30d",
            description = {
                "How long a pack stays that no snapshot names, for example 30d, 12h or 10s (${DEFAULT-VALUE}).",
                "Longer than any backup takes: what one had stored before it was cut off is kept that long."
            })
    private long graceNs;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Ends with nothing when it was asked to stop, with a fault when the site can promise nothing any more. */
    private final CompletableFuture<Optional<FaultException>> end = new CompletableFuture<>();

    @Override
    public Integer call() throws Exception {
        Optional<ListenAddress> metricsAddress =
                metrics == null ? Optional.empty() : Optional.of(ListenAddress.parse(metrics));
        EndWatch watch =
                EndWatch.start(EndWatch.BOUND_MS, code -> Runtime.getRuntime().halt(code));
        ServiceNotifier systemd =
                ServiceNotifier.of(System.getenv(), ProcessHandle.current().pid());
        Signals.onStop(signal -> {
            watch.ending();
            systemd.stopping("finishing what was received");
            end.complete(Optional.empty());
        });
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> threadFailed(watch, thread, thrown));
        try (systemd) {
            systemd.status("checking the journal");
            serve(metricsAddress, watch, systemd);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        watch.ended();
        return ExitCodes.OK;
    }

    private void serve(Optional<ListenAddress> metricsAddress, EndWatch watch, ServiceNotifier systemd)
            throws Exception {
        try (SiteNode node = SiteNode.start(
                SiteNode.Options.of(dir, graceMs(), metricsAddress), Clock.system(), new SecureRandom())) {
            node.failure().thenAccept(failure -> end.complete(Optional.of(failure)));
            tellReady(node);
            systemd.ready("ready on " + node.listen());
            systemd.watch(() -> !node.failure().toCompletableFuture().isDone());
            Optional<FaultException> failure = end.get();
            watch.ending();
            if (failure.isPresent()) {
                systemd.stopping(String.valueOf(failure.get().getMessage()));
                throw failure.get();
            }
        }
    }

    private void tellReady(SiteNode node) throws FaultException {
        String listen = node.listen().toString();
        Output out = OutputOwner.outputOf(spec);
        Optional<String> metricsUrl = node.metricsAddress()
                .map(address -> "http://" + address.getHostString() + ":" + address.getPort() + "/metrics");
        Optional<String> home = node.homeWords();
        metricsUrl.ifPresent(url -> out.line("metrics on " + url));
        out.line("ready on " + listen + ", home " + home.orElse("no grant yet (sago receiver grant)") + ", free "
                + Units.bytes(node.freeBytes()));
        out.message(MessageType.START, fields -> {
            fields.put("listen", listen).put("bytes_free", node.freeBytes());
            home.ifPresent(words -> fields.put("home", words));
            metricsUrl.ifPresent(url -> fields.put("metrics", url));
        });
    }

    private long graceMs() throws FaultException {
        long ms = TimeUnit.NANOSECONDS.toMillis(graceNs);
        if (ms > Limits.GRACE_MS_MAX) {
            throw new FaultException(
                    Fault.USAGE, "--grace is at most " + TimeUnit.MILLISECONDS.toDays(Limits.GRACE_MS_MAX) + "d");
        }
        return ms;
    }

    /**
     * A thread of the receiver died of what is no fault of a client or disk, such as a class that cannot be loaded because the jars were replaced: a site that
     * lacks a thread must not stay and hang. The end comes first, since logging may fail for the same reason.
     */
    private void threadFailed(EndWatch watch, Thread thread, Throwable thrown) {
        watch.ending();
        end.complete(Optional.of(new FaultException(
                Fault.FATAL,
                "thread " + thread.getName() + " failed (" + thrown + "): the site ends; start it again",
                thrown)));
        LOG.error("thread {} failed: the site ends", thread.getName(), thrown);
    }
}
