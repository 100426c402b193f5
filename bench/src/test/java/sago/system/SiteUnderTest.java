package sago.system;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sago.common.durable.Disk;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;
import sago.common.time.Clock;
import sago.common.trust.SiteRequestTerms;
import sago.common.trust.SiteRequests;
import sago.receiver.node.ListenAddress;
import sago.receiver.node.SiteFolder;
import sago.receiver.node.SiteNode;

/** A real site in this process, on any free port of this machine. For one thread. */
final class SiteUnderTest implements AutoCloseable {
    private final Path folder;
    private final SecureRandom random = new SecureRandom();
    private @Nullable SiteNode node;

    /** From the next start on. */
    long graceMs = Limits.UNCOMMITTED_KEEP_MS;

    SiteUnderTest(Path folder, String name) throws IOException {
        this.folder = folder;
        SiteFolder.create(
                        Disk.real(),
                        folder,
                        new SiteFolder.Description(name, "SG", ListenAddress.parse("127.0.0.1:0")),
                        Clock.system(),
                        random)
                .close();
    }

    SiteRequestTerms request() throws IOException {
        try (SiteFolder site = SiteFolder.open(Disk.real(), folder)) {
            return SiteRequests.parse(site.requestText());
        }
    }

    void grant(String grantText) throws IOException {
        try (SiteFolder site = SiteFolder.open(Disk.real(), folder)) {
            site.pin(grantText);
        }
    }

    InetSocketAddress start() throws IOException {
        SiteNode started =
                SiteNode.start(SiteNode.Options.of(folder, graceMs, Optional.empty()), Clock.system(), random);
        node = started;
        return started.address();
    }

    void stop() throws IOException {
        SiteNode running = node;
        node = null;
        if (running != null) {
            running.close();
        }
    }

    /** Why the site must end, if it must. */
    Optional<FaultException> failure() {
        SiteNode running = node;
        return running == null
                ? Optional.empty()
                : Optional.ofNullable(running.failure().toCompletableFuture().getNow(null));
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}
