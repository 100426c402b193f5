package sago.sender.cli;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import sago.common.fault.FaultException;
import sago.common.metrics.MetricsEndpoint;
import sago.sender.keys.SiteAddress;

/** {@code --metrics}: Prometheus text while the command runs. */
final class MetricsOption {
    @Option(
            names = "--metrics",
            paramLabel = "HOST:PORT",
            description = "Serve Prometheus metrics at http://HOST:PORT/metrics while this runs.")
    private @Nullable String address;

    /** Starts the endpoint if it was asked for; the result ends it. */
    Runnable start(Consumer<PrometheusMeterRegistry> meters) throws FaultException {
        if (address == null) {
            return () -> {};
        }
        SiteAddress at = SiteAddress.parse(address);
        PrometheusMeterRegistry registry = MetricsEndpoint.registry();
        meters.accept(registry);
        MetricsEndpoint endpoint = MetricsEndpoint.start(
                new InetSocketAddress(at.host(), at.port()), registry, () -> MetricsEndpoint.HEALTHY);
        return endpoint::close;
    }
}
