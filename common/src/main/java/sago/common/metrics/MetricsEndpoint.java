package sago.common.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/**
 * HTTP for Prometheus and for health checks, on an address that the operator chose (loopback unless told otherwise): {@code /metrics} in the
 * Prometheus text format and {@code /healthz}, which answers 200 while the process can do its work and 503 with a line saying why not.
 *
 * <p>The JDK's own server on one daemon thread: no other HTTP library is on the class path. Thread-safe.
 */
public final class MetricsEndpoint implements AutoCloseable {
    /** What {@code /healthz} answers while all is well; any other text is a reason and answers 503. */
    public static final String HEALTHY = "ok";

    private static final int BACKLOG = 16;

    private final HttpServer server;
    private final ExecutorService thread;

    private MetricsEndpoint(HttpServer server, ExecutorService thread) {
        this.server = server;
        this.thread = thread;
    }

    /** A registry with the meters of the JVM already in it. */
    public static PrometheusMeterRegistry registry() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        return registry;
    }

    /** Listens; port 0 takes any. */
    public static MetricsEndpoint start(
            InetSocketAddress address, PrometheusMeterRegistry registry, Supplier<String> health)
            throws FaultException {
        HttpServer server;
        try {
            server = HttpServer.create(address, BACKLOG);
        } catch (IOException e) {
            throw new FaultException(
                    Fault.USAGE,
                    "metrics cannot listen on " + address.getHostString() + ":" + address.getPort() + ": "
                            + e.getMessage() + "; choose another address with --metrics",
                    e);
        }
        ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
            Thread made = new Thread(task, "sago-metrics");
            made.setDaemon(true);
            return made;
        });
        server.setExecutor(thread);
        server.createContext("/", exchange -> answer(exchange, 404, "see /metrics and /healthz\n"));
        server.createContext("/metrics", exchange -> answer(exchange, 200, registry.scrape()));
        server.createContext("/healthz", exchange -> {
            String state = health.get();
            answer(exchange, state.equals(HEALTHY) ? 200 : 503, state + "\n");
        });
        server.start();
        return new MetricsEndpoint(server, thread);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        thread.shutdownNow();
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(status, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }
}
