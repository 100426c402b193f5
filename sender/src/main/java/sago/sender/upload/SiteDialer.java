package sago.sender.upload;

import com.google.protobuf.ByteString;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import sago.common.pack.PackGeometry;
import sago.common.proto.Open;
import sago.common.sign.Hashes;
import sago.common.trust.SessionOpens;
import sago.common.trust.SessionTerms;
import sago.common.trust.SiteIdentity;

/** Makes the connections of an upload over the network. Thread-safe. */
final class SiteDialer implements UploadDialer {
    private final SiteClient client;
    private final SessionOpening opening;
    private final PackGeometry geometry;
    private final Transmitter transmitter;
    private final Consumer<SiteIdentity> identities;
    private final AtomicInteger nextId = new AtomicInteger(1);

    /** @param identities hears which identity the site showed, before anything else of it is heard */
    SiteDialer(
            SiteClient client,
            SessionOpening opening,
            PackGeometry geometry,
            Transmitter transmitter,
            Consumer<SiteIdentity> identities) {
        this.client = client;
        this.opening = opening;
        this.geometry = geometry;
        this.transmitter = transmitter;
        this.identities = identities;
    }

    @Override
    public CompletionStage<Start> open(LinkEvents events) {
        return client.connect(events::reached, ready -> {
            SiteUploadLink link = link(ready, events);
            return link.open(request(ready.welcome().getNonce())).thenApply(opened -> new Start(link, opened));
        });
    }

    @Override
    public CompletionStage<Prepared> prepare(LinkEvents events) {
        ByteString session = ByteString.copyFrom(opening.session().toBytes());
        return client.connect(
                ready -> CompletableFuture.completedFuture(new PreparedLink(link(ready, events), session)));
    }

    /** Joins this session when it is told to. */
    private record PreparedLink(SiteUploadLink link, ByteString session) implements Prepared {
        @Override
        public CompletionStage<UploadLink> attach(ByteString token) {
            return link.attach(session, token);
        }

        @Override
        public void close() {
            link.close();
        }
    }

    private SiteUploadLink link(SiteClient.Ready ready, LinkEvents events) {
        identities.accept(ready.identity());
        return new SiteUploadLink(nextId.getAndIncrement(), ready.connection(), transmitter, events);
    }

    /** Signed anew for each connection: the nonce in it is the connection's. */
    private Open request(ByteString nonce) {
        SessionTerms terms = new SessionTerms(
                opening.grant().vault(),
                opening.grant().dataset(),
                opening.session(),
                client.endpoint().site(),
                nonce,
                Hashes.sha256(opening.header()),
                opening.grant().sequence(),
                geometry);
        return Open.newBuilder()
                .setOpen(SessionOpens.sign(opening.sender(), terms))
                .setSessionHeader(opening.header())
                .build();
    }
}
