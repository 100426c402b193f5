package sago.receiver.accept;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.proto.DeliverSiteGrant;
import sago.common.proto.Hello;
import sago.common.proto.SiteGrantStored;
import sago.common.proto.Welcome;
import sago.common.protocol.ClientRole;
import sago.common.protocol.FrameType;
import sago.common.protocol.MessageFrame;
import sago.common.trust.SessionTerms;

/**
 * The beginning of a connection: HELLO, and SITE_GRANT where the site still lacks it. Judging runs on a store thread; frames and outcomes come on the
 * event loop.
 */
final class Greeting {
    /** What a greeting leads to. Called on a store thread. */
    interface Outcome {
        /** The client was welcomed; the site grant comes next. */
        void enrolling();

        /** The client was welcomed and may ask. */
        void admitted(Admission admission);
    }

    private final SiteServices site;
    private final Hash spki;
    private final Outcome outcome;
    private final ByteString nonce;
    private @Nullable Hello hello;
    private boolean delivered;

    Greeting(SiteServices site, Hash spki, Outcome outcome) {
        this.site = site;
        this.spki = spki;
        this.outcome = outcome;
        byte[] bytes = new byte[SessionTerms.NONCE_BYTES];
        site.random().nextBytes(bytes);
        this.nonce = ByteString.copyFrom(bytes);
    }

    /** What this site sent in WELCOME of this connection, which the client binds into OPEN. */
    ByteString nonce() {
        return nonce;
    }

    /** The first frame of a connection. */
    void hello(MessageFrame frame, Jobs jobs, Connection connection) throws FaultException {
        if (frame.type() != FrameType.HELLO || hello != null) {
            throw new FaultException(
                    Fault.PROTOCOL, frame.type() + " before WELCOME; a connection begins with one HELLO");
        }
        Hello said = frame.as(Hello.class);
        hello = said;
        jobs.inOrder(() -> {
            Doorkeeper.checkProtocol(said);
            if (site.doorkeeper().needsSiteGrant()) {
                outcome.enrolling();
                connection.send(welcome(true));
            } else {
                admit(said, connection, welcome(false));
            }
        });
    }

    /** The second frame, where the site grant was asked for. */
    void siteGrant(MessageFrame frame, Jobs jobs, Connection connection) throws FaultException {
        Hello said = hello;
        if (frame.type() != FrameType.SITE_GRANT || said == null || delivered) {
            throw new FaultException(Fault.PROTOCOL, frame.type() + " where the site asked for one SITE_GRANT");
        }
        delivered = true;
        ByteString envelope = frame.as(DeliverSiteGrant.class).getGrant();
        jobs.inOrder(() -> {
            site.doorkeeper().enrol(envelope);
            admit(said, connection, SiteGrantStored.getDefaultInstance());
        });
    }

    /** The state changes before the client can answer what it is sent. */
    private void admit(Hello said, Connection connection, MessageLite answer) throws IOException {
        Admission admission = site.doorkeeper().judge(said, spki);
        if (admission.role() == ClientRole.APPEND) {
            site.endOlder(admission.requireDataset());
        }
        outcome.admitted(admission);
        connection.send(answer);
    }

    private Welcome welcome(boolean needsSiteGrant) throws IOException {
        SiteServer.Profile profile = site.profile();
        return Welcome.newBuilder()
                .setProtocol(Doorkeeper.PROTOCOL)
                .setIdentity(profile.identity().bytes())
                .setName(profile.name())
                .setJurisdiction(profile.jurisdiction())
                .setNonce(nonce)
                .setNeedsSiteGrant(needsSiteGrant)
                .setKeyringCounter(site.store().keyringCounter())
                .setSoftware(profile.software())
                .setFreeBytes(site.space().freeBytes())
                .build();
    }
}
