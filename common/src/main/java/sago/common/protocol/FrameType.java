package sago.common.protocol;

import com.google.protobuf.MessageLite;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sago.common.limits.Limits;
import sago.common.proto.Attach;
import sago.common.proto.Attached;
import sago.common.proto.Audit;
import sago.common.proto.Audited;
import sago.common.proto.Commit;
import sago.common.proto.CommitConflict;
import sago.common.proto.Committed;
import sago.common.proto.Credit;
import sago.common.proto.DeliverKeyring;
import sago.common.proto.DeliverOrder;
import sago.common.proto.DeliverSiteGrant;
import sago.common.proto.FaultReport;
import sago.common.proto.FetchKeyring;
import sago.common.proto.FetchManifest;
import sago.common.proto.FetchSession;
import sago.common.proto.Hello;
import sago.common.proto.KeyringFound;
import sago.common.proto.KeyringStored;
import sago.common.proto.ListManifests;
import sago.common.proto.ListSessions;
import sago.common.proto.ManifestFound;
import sago.common.proto.Manifests;
import sago.common.proto.MissingPacks;
import sago.common.proto.Open;
import sago.common.proto.Opened;
import sago.common.proto.OrderDone;
import sago.common.proto.PackDurable;
import sago.common.proto.PackEnd;
import sago.common.proto.PackStates;
import sago.common.proto.PackStatus;
import sago.common.proto.Ping;
import sago.common.proto.Pong;
import sago.common.proto.Read;
import sago.common.proto.ReadFailed;
import sago.common.proto.ReceiptIssued;
import sago.common.proto.SessionFound;
import sago.common.proto.Sessions;
import sago.common.proto.SiteGrantStored;
import sago.common.proto.SiteState;
import sago.common.proto.Welcome;

/**
 * Every type of frame: its wire id, who sends it, the client roles that may ask it, and how large its body may be. A type with a
 * message carries a Protocol Buffers message; SLICE and DATA are binary.
 */
public enum FrameType {
    HELLO(1, Sent.CLIENT, Sizes.FIRST, Hello.getDefaultInstance()),
    WELCOME(2, Sent.SITE, Sizes.FIRST, Welcome.getDefaultInstance()),
    SITE_GRANT(3, Sent.CLIENT, Sizes.FIRST, DeliverSiteGrant.getDefaultInstance(), ClientRole.values()),
    SITE_GRANT_STORED(4, Sent.SITE, Sizes.SMALL, SiteGrantStored.getDefaultInstance()),
    KEYRING(5, Sent.CLIENT, Sizes.MESSAGE, DeliverKeyring.getDefaultInstance(), ClientRole.values()),
    KEYRING_STORED(6, Sent.SITE, Sizes.SMALL, KeyringStored.getDefaultInstance()),
    FETCH_KEYRING(7, Sent.CLIENT, Sizes.SMALL, FetchKeyring.getDefaultInstance(), ClientRole.RESTORE),
    KEYRING_FOUND(8, Sent.SITE, Sizes.MESSAGE, KeyringFound.getDefaultInstance()),
    PING(9, Sent.BOTH, Sizes.SMALL, Ping.getDefaultInstance(), ClientRole.values()),
    PONG(10, Sent.BOTH, Sizes.SMALL, Pong.getDefaultInstance(), ClientRole.values()),
    FAULT(11, Sent.BOTH, Sizes.FIRST, FaultReport.getDefaultInstance(), ClientRole.values()),
    OPEN(16, Sent.CLIENT, Sizes.FIRST, Open.getDefaultInstance(), ClientRole.APPEND),
    OPENED(17, Sent.SITE, Sizes.SMALL, Opened.getDefaultInstance()),
    ATTACH(18, Sent.CLIENT, Sizes.SMALL, Attach.getDefaultInstance(), ClientRole.APPEND),
    ATTACHED(19, Sent.SITE, Sizes.SMALL, Attached.getDefaultInstance()),
    CREDIT(20, Sent.SITE, Sizes.SMALL, Credit.getDefaultInstance()),
    SLICE(21, Sent.CLIENT, FrameHeader.SLICE_HEAD_BYTES + Limits.SEGMENT_BYTES_MAX, null, ClientRole.APPEND),
    PACK_END(22, Sent.CLIENT, Sizes.SMALL, PackEnd.getDefaultInstance(), ClientRole.APPEND),
    PACK_DURABLE(23, Sent.SITE, Sizes.MESSAGE, PackDurable.getDefaultInstance()),
    PACK_STATUS(24, Sent.CLIENT, Sizes.MESSAGE, PackStatus.getDefaultInstance(), ClientRole.APPEND),
    PACK_STATES(25, Sent.SITE, Limits.PACK_STATES_BYTES_MAX, PackStates.getDefaultInstance()),
    COMMIT(26, Sent.CLIENT, Limits.COMMIT_BYTES_MAX, Commit.getDefaultInstance(), ClientRole.APPEND),
    COMMITTED(27, Sent.SITE, Sizes.FIRST, Committed.getDefaultInstance()),
    MISSING(28, Sent.SITE, Sizes.MESSAGE, MissingPacks.getDefaultInstance()),
    CONFLICT(29, Sent.SITE, Sizes.SMALL, CommitConflict.getDefaultInstance()),
    RECEIPT(30, Sent.SITE, Sizes.MESSAGE, ReceiptIssued.getDefaultInstance()),
    SITE_STATE(31, Sent.SITE, Sizes.SMALL, SiteState.getDefaultInstance()),
    READ(40, Sent.CLIENT, Sizes.SMALL, Read.getDefaultInstance(), ClientRole.RESTORE),
    DATA(41, Sent.SITE, FrameHeader.DATA_HEAD_BYTES + Limits.READ_BYTES_MAX, null),
    READ_FAILED(42, Sent.SITE, Sizes.SMALL, ReadFailed.getDefaultInstance()),
    LIST_MANIFESTS(43, Sent.CLIENT, Sizes.SMALL, ListManifests.getDefaultInstance(), Roles.READERS),
    MANIFESTS(44, Sent.SITE, Sizes.MESSAGE, Manifests.getDefaultInstance()),
    FETCH_MANIFEST(45, Sent.CLIENT, Sizes.SMALL, FetchManifest.getDefaultInstance(), Roles.READERS),
    MANIFEST_FOUND(46, Sent.SITE, Limits.COMMIT_BYTES_MAX + Sizes.FIRST, ManifestFound.getDefaultInstance()),
    FETCH_SESSION(47, Sent.CLIENT, Sizes.SMALL, FetchSession.getDefaultInstance(), Roles.KEYS),
    SESSION_FOUND(48, Sent.SITE, Sizes.FIRST, SessionFound.getDefaultInstance()),
    AUDIT(49, Sent.CLIENT, Sizes.SMALL, Audit.getDefaultInstance(), ClientRole.AUDIT),
    AUDITED(50, Sent.SITE, Sizes.MESSAGE, Audited.getDefaultInstance()),
    LIST_SESSIONS(51, Sent.CLIENT, Sizes.SMALL, ListSessions.getDefaultInstance(), ClientRole.ADMIN),
    SESSIONS(52, Sent.SITE, Sizes.MESSAGE, Sessions.getDefaultInstance()),
    ORDER(53, Sent.CLIENT, Sizes.MESSAGE, DeliverOrder.getDefaultInstance(), ClientRole.ADMIN),
    ORDER_DONE(54, Sent.SITE, Sizes.FIRST, OrderDone.getDefaultInstance());

    private static final @Nullable FrameType[] BY_WIRE_ID = new @Nullable FrameType[256];
    private static final Map<Class<?>, FrameType> BY_CLASS = new HashMap<>();

    static {
        for (FrameType type : values()) {
            BY_WIRE_ID[type.wireId] = type;
            if (type.prototype != null) {
                BY_CLASS.put(type.prototype.getClass(), type);
            }
        }
    }

    private final int wireId;
    private final Sent sent;
    private final int bodyBytesMax;
    private final @Nullable MessageLite prototype;
    /** Bit n: the role with wire id n may send it. */
    private final int roleBits;

    FrameType(int wireId, Sent sent, int bodyBytesMax, @Nullable MessageLite prototype, ClientRole... roles) {
        this.wireId = wireId;
        this.sent = sent;
        this.bodyBytesMax = bodyBytesMax;
        this.prototype = prototype;
        int bits = 0;
        for (ClientRole role : roles) {
            bits |= 1 << role.wireId();
        }
        this.roleBits = bits;
    }

    public int wireId() {
        return wireId;
    }

    /** Largest body, compared with a frame's length before memory is taken. */
    public int bodyBytesMax() {
        return bodyBytesMax;
    }

    /** Whether this end may send frames of this type. */
    public boolean isSentBy(Peer peer) {
        return sent == Sent.BOTH || sent == (peer == Peer.CLIENT ? Sent.CLIENT : Sent.SITE);
    }

    /** Whether a client in this role may send frames of this type once it is welcome. */
    public boolean isAllowedFor(ClientRole role) {
        return (roleBits & 1 << role.wireId()) != 0;
    }

    boolean carries(MessageLite message) {
        return prototype != null && prototype.getClass() == message.getClass();
    }

    /** A message of the class that this type carries, for its parser; null for SLICE and DATA. */
    @Nullable
    MessageLite prototype() {
        return prototype;
    }

    /** The type that carries messages of this class. */
    static FrameType of(MessageLite message) {
        FrameType type = BY_CLASS.get(message.getClass());
        if (type == null) {
            throw new IllegalArgumentException("no frame carries " + message.getClass());
        }
        return type;
    }

    /** The type of a wire id, or null. */
    static @Nullable FrameType ofWireId(int wireId) {
        return BY_WIRE_ID[wireId];
    }

    private enum Sent {
        CLIENT,
        SITE,
        BOTH
    }

    private static final class Sizes {
        static final int SMALL = 4096;
        static final int FIRST = Limits.MESSAGE_BYTES_UNAUTHENTICATED_MAX;
        static final int MESSAGE = Limits.MESSAGE_BYTES_MAX;
    }

    private static final class Roles {
        static final ClientRole[] READERS = {ClientRole.RESTORE, ClientRole.AUDIT};
        static final ClientRole[] KEYS = {ClientRole.RESTORE, ClientRole.AUDIT, ClientRole.ADMIN};
    }
}
