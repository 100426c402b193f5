package sago.common.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

final class MetricsEndpointTest {
    private final InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @Test
    void showsMetersAndHealth() throws Exception {
        PrometheusMeterRegistry registry = MetricsEndpoint.registry();
        registry.counter(Meters.SITE_COMMITS).increment(3);
        AtomicReference<String> health = new AtomicReference<>(MetricsEndpoint.HEALTHY);
        try (MetricsEndpoint endpoint = MetricsEndpoint.start(anyPort, registry, health::get)) {
            assertThat(get(endpoint, "/metrics").body())
                    .contains("sago_site_commits_total 3.0")
                    .contains("jvm_memory_used_bytes");
            assertThat(get(endpoint, "/healthz").statusCode()).isEqualTo(200);
            health.set("the disk is full");
            assertThat(get(endpoint, "/healthz").statusCode()).isEqualTo(503);
            assertThat(get(endpoint, "/healthz").body()).isEqualTo("the disk is full\n");
            assertThat(get(endpoint, "/secret").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void saysThatItsAddressIsTaken() throws Exception {
        PrometheusMeterRegistry registry = MetricsEndpoint.registry();
        try (MetricsEndpoint first = MetricsEndpoint.start(anyPort, registry, () -> MetricsEndpoint.HEALTHY)) {
            assertThatThrownBy(() -> MetricsEndpoint.start(first.address(), registry, () -> MetricsEndpoint.HEALTHY))
                    .isInstanceOfSatisfying(
                            FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.USAGE));
        }
    }

    private static HttpResponse<String> get(MetricsEndpoint endpoint, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + endpoint.address().getPort() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
