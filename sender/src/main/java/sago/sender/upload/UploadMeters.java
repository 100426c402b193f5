package sago.sender.upload;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.ToDoubleFunction;
import sago.common.metrics.Meters;

/** The meters of one upload session while it lives. Thread-safe. */
public final class UploadMeters implements AutoCloseable {
    private final MeterRegistry registry;
    private final List<Meter> meters;

    /** Registers them, tagged with the name of the site. */
    public UploadMeters(MeterRegistry registry, UploadSession session, String site, int packBytes) {
        this.registry = registry;
        this.meters = List.of(
                counter(
                        Meters.UPLOAD_SENT_BYTES,
                        session,
                        site,
                        s -> s.progress().sentBytes()),
                counter(
                        Meters.UPLOAD_RESENT_BYTES,
                        session,
                        site,
                        s -> s.progress().resentBytes()),
                counter(
                        Meters.UPLOAD_DURABLE_BYTES,
                        session,
                        site,
                        s -> s.progress().durableBytes()),
                gauge(
                        Meters.UPLOAD_CONNECTIONS,
                        session,
                        site,
                        s -> s.progress().connections()),
                gauge(
                        Meters.UPLOAD_WINDOW_BYTES,
                        session,
                        site,
                        s -> (double) s.progress().windowPacks() * packBytes));
    }

    /** Removes them. */
    @Override
    public void close() {
        meters.forEach(registry::remove);
    }

    private Meter counter(String name, UploadSession session, String site, ToDoubleFunction<UploadSession> value) {
        return FunctionCounter.builder(name, session, value).tag("site", site).register(registry);
    }

    private Meter gauge(String name, UploadSession session, String site, ToDoubleFunction<UploadSession> value) {
        return Gauge.builder(name, session, value).tag("site", site).register(registry);
    }
}
