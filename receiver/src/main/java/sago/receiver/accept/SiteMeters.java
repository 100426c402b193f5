package sago.receiver.accept;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import sago.common.fault.Fault;
import sago.common.metrics.Meters;

/** What a site counts. Thread-safe. */
final class SiteMeters {
    private final MeterRegistry registry;
    private final AtomicInteger connections = new AtomicInteger();
    private final Counter receivedBytes;
    private final Counter durablePacks;
    private final Counter durableBytes;
    private final Counter commits;
    private final Counter servedBytes;

    SiteMeters(MeterRegistry registry) {
        this.registry = registry;
        receivedBytes = registry.counter(Meters.SITE_RECEIVED_BYTES);
        durablePacks = registry.counter(Meters.SITE_DURABLE_PACKS);
        durableBytes = registry.counter(Meters.SITE_DURABLE_BYTES);
        commits = registry.counter(Meters.SITE_COMMITS);
        servedBytes = registry.counter(Meters.SITE_SERVED_BYTES);
        gauge(Meters.SITE_CONNECTIONS, connections, AtomicInteger::get);
    }

    <T> void gauge(String name, T of, ToDoubleFunction<T> value) {
        Gauge.builder(name, of, value).strongReference(true).register(registry);
    }

    void connected() {
        connections.incrementAndGet();
    }

    void disconnected() {
        connections.decrementAndGet();
    }

    void received(int bytes) {
        receivedBytes.increment(bytes);
    }

    void durable(long bytes) {
        durablePacks.increment();
        durableBytes.increment((double) bytes);
    }

    void committed() {
        commits.increment();
    }

    void served(int bytes) {
        servedBytes.increment(bytes);
    }

    void fault(Fault fault) {
        registry.counter(Meters.SITE_FAULTS, "fault", fault.name().toLowerCase(Locale.ROOT))
                .increment();
    }
}
