package sago.receiver.node;

import com.google.protobuf.ByteString;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.durable.Disk;
import sago.common.fault.FaultException;
import sago.common.metrics.MetricsEndpoint;
import sago.common.net.Transports;
import sago.common.sign.Fingerprint;
import sago.common.time.Clock;
import sago.common.trust.GrantPinTerms;
import sago.receiver.accept.Membership;
import sago.receiver.accept.SiteServer;
import sago.receiver.acknowledge.ReceiptListener;
import sago.receiver.acknowledge.ReceiptSigner;
import sago.receiver.acknowledge.ReceiptWriter;
import sago.receiver.retain.Sweeper;
import sago.receiver.store.SiteStore;
import sago.receiver.store.StoreListener;
import sago.receiver.store.StoreSettings;
import sago.receiver.store.StoredPack;

/**
 * A site that runs: its folder, its store, its listener, its metrics. Opened and closed by one thread, in this order and its reverse.
 */
public final class SiteNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SiteNode.class);

    /** Something that is closed with the node. */
    private interface Part {
        void close() throws IOException;
    }

    private final Deque<Part> parts = new ArrayDeque<>();
    private final SiteFolder folder;
    private final SiteStore store;
    private final SiteServer server;
    private final Optional<GrantPinTerms> pin;
    private final @Nullable MetricsEndpoint metrics;
    private volatile ReceiptListener clients = receipt -> {};
    private volatile Runnable namesChanged = () -> {};

    /**
     * How a site runs.
     *
     * @param metrics where to serve metrics, if anywhere
     */
    public record Options(
            Disk disk, Path folder, StoreSettings store, SiteServer.Bounds bounds, Optional<ListenAddress> metrics) {
        /**
         * The usual ones for a folder on this machine.
         *
         * @param graceMs how long a pack stays that no snapshot names
         */
        public static Options of(Path folder, long graceMs, Optional<ListenAddress> metrics) {
            return new Options(
                    Disk.real(),
                    folder,
                    StoreSettings.of(folder).withGrace(graceMs),
                    SiteServer.Bounds.standard(Runtime.getRuntime().availableProcessors()),
                    metrics);
        }
    }

    private SiteNode(Options options, Clock clock, SecureRandom random) throws IOException {
        boolean done = false;
        try {
            folder = SiteFolder.open(options.disk(), options.folder());
            parts.push(folder::close);
            pin = folder.pin();
            folder.renewTls(clock, random);
            ReceiptSigner signer = new ReceiptSigner(folder.identity().site(), folder.key(), clock);
            // Receipts begin with the store, which has to be open before the server that takes them to clients.
            ReceiptWriter receipts = ReceiptWriter.start(signer, receipt -> clients.issued(receipt));
            parts.push(receipts::close);
            store = SiteStore.open(options.store(), clock, new StoreListener() {
                @Override
                public void packStored(StoredPack pack) {
                    receipts.packStored(pack);
                }

                @Override
                public void namesChanged() {
                    namesChanged.run();
                }
            });
            parts.push(store::close);
            Transports transports = Transports.open(eventLoops(), "sago-net");
            parts.push(transports::close);
            PrometheusMeterRegistry registry = MetricsEndpoint.registry();
            parts.push(registry::close);
            server = serve(options, signer, transports, registry, clock, random);
            parts.push(server::close);
            clients = server;
            Sweeper sweeper = Sweeper.start(store, server::liveSessions, registry, clock);
            parts.push(sweeper::close);
            namesChanged = sweeper::soon;
            metrics = metrics(options, registry);
            done = true;
        } finally {
            if (!done) {
                closeQuietly();
            }
        }
    }

    /** Opens a site and listens. The store is checked and recovered first. */
    public static SiteNode start(Options options, Clock clock, SecureRandom random) throws IOException {
        return new SiteNode(options, clock, random);
    }

    private static int eventLoops() {
        return Math.max(1, Math.min(8, Runtime.getRuntime().availableProcessors()));
    }

    private SiteServer serve(
            Options options,
            ReceiptSigner signer,
            Transports transports,
            PrometheusMeterRegistry registry,
            Clock clock,
            SecureRandom random)
            throws IOException {
        Membership membership = new Membership(
                folder.identity(), pin.orElse(null), store.siteGrant().orElse(ByteString.EMPTY));
        return SiteServer.start(
                new SiteServer.Profile(folder.identity(), folder.name(), folder.jurisdiction(), software()),
                new SiteServer.Ground(store, signer, membership, transports, registry),
                options.bounds(),
                new SiteServer.Door(folder.listen().resolve(), folder.tls(), clock, random));
    }

    private @Nullable MetricsEndpoint metrics(Options options, PrometheusMeterRegistry registry) throws IOException {
        if (options.metrics().isEmpty()) {
            return null;
        }
        MetricsEndpoint endpoint = MetricsEndpoint.start(options.metrics().get().resolve(), registry, this::health);
        parts.push(endpoint::close);
        return endpoint;
    }

    private String health() {
        return server.isFull() ? "the disk is full" : MetricsEndpoint.HEALTHY;
    }

    private static String software() {
        String version = SiteNode.class.getPackage().getImplementationVersion();
        return "sago " + (version == null ? "dev" : version);
    }

    /** Where it listens, as its operator wrote it, with the port that was really taken. */
    public String listen() throws FaultException {
        return folder.listen().withPort(server.address().getPort());
    }

    public InetSocketAddress address() {
        return server.address();
    }

    /** Where metrics are served, if they are. */
    public Optional<InetSocketAddress> metricsAddress() {
        return Optional.ofNullable(metrics).map(MetricsEndpoint::address);
    }

    /** The words of the home that this site was given to. */
    public Optional<String> homeWords() {
        return pin.map(GrantPinTerms::homeFingerprint).map(Fingerprint::words);
    }

    public long freeBytes() {
        return server.freeBytes();
    }

    /** Completes when a force has failed: nothing is acknowledged any more and the process must end. */
    public CompletionStage<FaultException> failure() {
        return store.failure();
    }

    /** Drains and closes everything. The first failure is thrown after the rest was closed. */
    @Override
    public void close() throws IOException {
        IOException first = null;
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (IOException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private void closeQuietly() {
        try {
            close();
        } catch (IOException e) {
            LOG.warn("closing after a failed start: {}", e.getMessage());
        }
    }
}
