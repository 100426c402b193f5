package sago.receiver.accept;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.proto.Attach;
import sago.common.proto.Audit;
import sago.common.proto.Commit;
import sago.common.proto.DeliverKeyring;
import sago.common.proto.DeliverOrder;
import sago.common.proto.FaultReport;
import sago.common.proto.FetchKeyring;
import sago.common.proto.FetchManifest;
import sago.common.proto.FetchSession;
import sago.common.proto.KeyringStored;
import sago.common.proto.ListManifests;
import sago.common.proto.ListSessions;
import sago.common.proto.Open;
import sago.common.proto.PackEnd;
import sago.common.proto.PackStatus;
import sago.common.proto.Ping;
import sago.common.proto.Pong;
import sago.common.proto.Read;
import sago.common.protocol.ClientRole;
import sago.common.protocol.Frame;
import sago.common.protocol.FrameType;
import sago.common.protocol.MessageFrame;
import sago.common.protocol.SliceFrame;
import sago.common.trust.KeyringTerms;
import sago.common.trust.Keyrings;
import sago.receiver.serve.CatalogDesk;
import sago.receiver.serve.ReadDesk;
import sago.receiver.serve.Scope;

/** What a welcome client asks for, judged by its role and handed to whoever does it. Event-loop confined. */
final class Requests {
    private static final Logger LOG = LoggerFactory.getLogger(Requests.class);

    private final SiteServices site;
    private final Connection connection;
    private final Jobs jobs;
    private final Admission admission;
    private final @Nullable UploadDesk upload;
    private final @Nullable ReadDesk reads;

    Requests(SiteServices site, Connection connection, Jobs jobs, Admission admission, ByteString nonce) {
        this.site = site;
        this.connection = connection;
        this.jobs = jobs;
        this.admission = admission;
        ClientRole role = admission.role();
        this.upload = role == ClientRole.APPEND ? new UploadDesk(site, connection, jobs, admission, nonce) : null;
        this.reads = role == ClientRole.RESTORE ? new ReadDesk(site.readMeans(), admission.scope(), connection) : null;
    }

    /** As what the client was welcomed. */
    Admission admission() {
        return admission;
    }

    /** Takes ownership of the frame. */
    void take(Frame frame) throws FaultException {
        FrameType type = frame.type();
        if (type == FrameType.HELLO) {
            throw new FaultException(Fault.PROTOCOL, "HELLO after WELCOME");
        }
        if (!type.isAllowedFor(admission.role())) {
            frame.release();
            throw new FaultException(
                    Fault.PEER_REFUSED, "a client in role " + admission.role() + " may not send " + type);
        }
        if (frame instanceof SliceFrame slice) {
            upload().slice(slice);
        } else if (frame instanceof MessageFrame message) {
            take(message);
        } else {
            frame.release();
            throw new FaultException(Fault.PROTOCOL, type + " is not for a site");
        }
    }

    private void take(MessageFrame frame) throws FaultException {
        switch (frame.type()) {
            case PING ->
                connection.send(
                        Pong.newBuilder().setId(frame.as(Ping.class).getId()).build());
            case PONG -> LOG.trace("pong");
            case FAULT -> ended(frame.as(FaultReport.class));
            case KEYRING -> keyring(frame.as(DeliverKeyring.class).getKeyring());
            case OPEN -> upload().open(frame.as(Open.class));
            case ATTACH -> upload().attach(frame.as(Attach.class));
            case PACK_END -> upload().packEnd(frame.as(PackEnd.class));
            case PACK_STATUS -> upload().status(frame.as(PackStatus.class));
            case COMMIT -> upload().commit(frame.as(Commit.class));
            case READ -> reads().read(frame.as(Read.class));
            case FETCH_KEYRING, LIST_MANIFESTS, FETCH_MANIFEST, FETCH_SESSION, LIST_SESSIONS -> lookUp(frame);
            case ORDER -> order(frame.as(DeliverOrder.class));
            case AUDIT -> {
                Audit audit = frame.as(Audit.class);
                jobs.inOrderLater(done -> site.readers().audit().audit(audit, admission.scope(), connection, done));
            }
            case HELLO,
                    SITE_GRANT,
                    WELCOME,
                    SITE_GRANT_STORED,
                    KEYRING_STORED,
                    KEYRING_FOUND,
                    OPENED,
                    ATTACHED,
                    CREDIT,
                    SLICE,
                    PACK_DURABLE,
                    PACK_STATES,
                    COMMITTED,
                    MISSING,
                    CONFLICT,
                    RECEIPT,
                    SITE_STATE,
                    DATA,
                    READ_FAILED,
                    MANIFESTS,
                    MANIFEST_FOUND,
                    SESSION_FOUND,
                    AUDITED,
                    SESSIONS,
                    ORDER_DONE -> throw new FaultException(Fault.PROTOCOL, frame.type() + " is out of place here");
        }
    }

    private void lookUp(MessageFrame frame) {
        CatalogDesk catalog = site.readers().catalog();
        Scope scope = admission.scope();
        jobs.inOrder(() -> {
            switch (frame.type()) {
                case FETCH_KEYRING -> catalog.fetch(frame.as(FetchKeyring.class), connection);
                case LIST_MANIFESTS -> catalog.list(frame.as(ListManifests.class), scope, connection);
                case FETCH_MANIFEST -> catalog.fetch(frame.as(FetchManifest.class), scope, connection);
                case FETCH_SESSION -> catalog.fetch(frame.as(FetchSession.class), scope, connection);
                case LIST_SESSIONS -> site.readers().orders().list(frame.as(ListSessions.class), scope, connection);
                default -> throw new IllegalStateException(frame.type() + " is not looked up");
            }
        });
    }

    private void order(DeliverOrder order) {
        jobs.inOrder(() -> site.readers().orders().follow(order, admission.site(), admission.scope(), connection));
    }

    private void keyring(ByteString envelope) {
        jobs.inOrder(() -> {
            KeyringTerms terms = Keyrings.verify(envelope, admission.site().home());
            site.store().storeKeyring(terms.counter(), envelope);
            connection.send(
                    KeyringStored.newBuilder().setCounter(terms.counter()).build());
        });
    }

    private void ended(FaultReport report) {
        connection.fail(new FaultException(
                Fault.CONNECTION_LOST, "the client ended the connection: " + Fault.ofCode(report.getCode())));
    }

    /** The client takes answers again. */
    void proceed() {
        if (reads != null) {
            reads.proceed();
        }
    }

    /** The connection is over. */
    void close() {
        if (upload != null) {
            upload.close();
        }
        if (reads != null) {
            reads.close();
        }
    }

    private UploadDesk upload() {
        if (upload == null) {
            throw new IllegalStateException("role " + admission.role() + " uploads nothing");
        }
        return upload;
    }

    private ReadDesk reads() {
        if (reads == null) {
            throw new IllegalStateException("role " + admission.role() + " reads no packs");
        }
        return reads;
    }
}
