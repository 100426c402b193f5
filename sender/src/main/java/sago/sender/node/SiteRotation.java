package sago.sender.node;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.SessionId;
import sago.common.limits.Limits;
import sago.sender.keys.DatasetKeys;
import sago.sender.keys.RotationState;
import sago.sender.keys.SiteEndpoint;
import sago.sender.keys.Vault;
import sago.sender.upload.AdminClient;
import sago.sender.upload.GrantNotice;
import sago.sender.upload.SessionPlace;
import sago.sender.upload.SiteClient;

/** The part of a rotation that one site has in it. A site that is away is remembered as that, and asked no more. Confined to one thread. */
final class SiteRotation {
    private static final Set<Fault> AWAY =
            Set.of(Fault.SITE_UNREACHABLE, Fault.CONNECTION_LOST, Fault.TIMEOUT, Fault.SITE_FULL);

    private final HomeNode node;
    private final Vault vault;
    private final SiteEndpoint endpoint;
    private final Rotation.Listener listener;
    private long sessions;
    private long fetched;
    private long movedBytes;
    private long fixedBytes;
    private @Nullable FaultException away;

    SiteRotation(HomeNode node, Vault vault, SiteEndpoint endpoint, Rotation.Listener listener) {
        this.node = node;
        this.vault = vault;
        this.endpoint = endpoint;
        this.listener = listener;
    }

    private interface Errand {
        void run() throws IOException, InterruptedException;
    }

    boolean isAway() {
        return away != null;
    }

    RotationReport.Site report() {
        return new RotationReport.Site(
                endpoint.name(), sessions, fetched, movedBytes, fixedBytes, Optional.ofNullable(away));
    }

    private void attempt(Errand errand) throws IOException, InterruptedException {
        if (away != null) {
            return;
        }
        try {
            errand.run();
        } catch (FaultException e) {
            if (!AWAY.contains(e.fault())) {
                throw e;
            }
            away = e;
        }
    }

    /** Lets the site refuse older grants of the dataset from now on. */
    void show(String dataset) throws IOException, InterruptedException {
        attempt(() -> {
            DatasetKeys keys = node.sender().dataset(dataset);
            if (!keys.grant().sites().containsKey(endpoint.site())) {
                return;
            }
            SiteClient client = node.client(endpoint, node.sender().appendCredential(keys));
            try {
                GrantNotice.show(client);
            } finally {
                fixedBytes += client.sentBytes() + client.receivedBytes();
            }
            listener.done(RotationStep.SHOWN, endpoint.name());
        });
    }

    /** Has the site store new headers until none is missing. */
    void reseal(RotationState state) throws IOException, InterruptedException {
        attempt(() -> {
            try (AdminClient site = connect()) {
                try {
                    Set<SessionId> done = new HashSet<>();
                    List<SessionPlace> left = list(site, state);
                    while (!left.isEmpty()) {
                        deliver(site, state, left, done);
                        left = list(site, state);
                    }
                } finally {
                    account(site);
                }
            }
        });
    }

    /** Has the site delete what is older. */
    void retire(RotationState state) throws IOException, InterruptedException {
        attempt(() -> {
            try (AdminClient site = connect()) {
                try {
                    site.deliver(
                            state.dataset(), vault.retireOrder(endpoint.site(), state.dataset(), state.newestEpoch()));
                } finally {
                    account(site);
                }
            }
            listener.done(RotationStep.RETIRED, endpoint.name());
        });
    }

    private AdminClient connect() throws IOException, InterruptedException {
        return AdminClient.open(node.client(endpoint, vault.adminCredential()));
    }

    private void account(AdminClient site) {
        movedBytes += site.sentBytes() + site.receivedBytes() - site.orderBytes();
        fixedBytes += site.connectBytes() + site.orderBytes();
    }

    private static List<SessionPlace> list(AdminClient site, RotationState state)
            throws FaultException, InterruptedException {
        return site.sessionsBelow(state.dataset(), state.newestEpoch(), Limits.HEADERS_PER_ORDER_MAX);
    }

    private void deliver(AdminClient site, RotationState state, List<SessionPlace> left, Set<SessionId> done)
            throws IOException, InterruptedException {
        RotationHeaders headers =
                new RotationHeaders(vault, state.newestEpoch(), node.catalog().headers(), site);
        for (SessionPlace place : left) {
            if (!done.add(place.session())) {
                throw new FaultException(
                        Fault.INTEGRITY,
                        "site " + endpoint.name() + " lists a session again whose new header it has receipted: do not"
                                + " trust this site before its operator has explained it");
            }
            headers.add(place);
        }
        ByteString order = vault.resealOrder(endpoint.site(), state.dataset(), headers.headers());
        // Before the order: whatever becomes of it, another site may be given the same headers.
        node.catalog().headers().keep(headers.made());
        site.deliver(state.dataset(), order);
        long headerBytes =
                headers.headers().stream().mapToLong(ByteString::size).sum();
        movedBytes += headerBytes;
        fixedBytes -= headerBytes;
        sessions += left.size();
        fetched += headers.fetched();
        listener.done(RotationStep.RESEALED, endpoint.name());
    }
}
