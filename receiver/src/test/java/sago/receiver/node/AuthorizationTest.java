package sago.receiver.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sago.common.durable.SimDisk;
import sago.common.fault.Fault;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SessionId;
import sago.common.net.TlsIdentity;
import sago.common.pack.PackEntry;
import sago.common.proto.Attach;
import sago.common.proto.Audit;
import sago.common.proto.Commit;
import sago.common.proto.Committed;
import sago.common.proto.DeliverKeyring;
import sago.common.proto.DeliverOrder;
import sago.common.proto.DeliverSiteGrant;
import sago.common.proto.FaultReport;
import sago.common.proto.FetchKeyring;
import sago.common.proto.FetchManifest;
import sago.common.proto.FetchSession;
import sago.common.proto.ListManifests;
import sago.common.proto.ListSessions;
import sago.common.proto.Open;
import sago.common.proto.Opened;
import sago.common.proto.PackDurable;
import sago.common.proto.PackEnd;
import sago.common.proto.PackStates;
import sago.common.proto.PackStatus;
import sago.common.proto.Ping;
import sago.common.proto.Pong;
import sago.common.proto.Read;
import sago.common.proto.ReadFailed;
import sago.common.proto.ReceiptIssued;
import sago.common.proto.Welcome;
import sago.common.protocol.ClientRole;
import sago.common.protocol.DataFrame;
import sago.common.protocol.FrameType;
import sago.common.protocol.MessageFrame;
import sago.common.protocol.PackPresence;
import sago.common.protocol.Peer;
import sago.common.sign.Hashes;
import sago.common.time.Clock;
import sago.common.trust.KeyringTerms;
import sago.common.trust.Keyrings;

/**
 * Who may do what: every kind of client asks a real site everything that a client can ask, about dataset A and about dataset B, and the
 * table says what must come of it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AuthorizationTest {
    private static final Path FOLDER = Path.of("/site");
    private static final int PACK = 64 << 10;

    /** Clients. OLD_A shows the grant of A that was replaced; those with _A are limited to A; the stranger shows A's grant with a key of its own. */
    enum Who {
        APPEND_A,
        OLD_A,
        APPEND_B,
        RESTORE,
        RESTORE_A,
        AUDIT,
        AUDIT_A,
        ADMIN,
        ADMIN_A,
        KIT,
        STRANGER
    }

    /**
     * One row for each frame that a client sends, one column for each client, in each the outcome about A and about B: o the answer that was asked for, u the
     * answer that nothing is known, R PEER_REFUSED, P PROTOCOL, N NO_SESSION, L the connection is over as the client said.
     */
    private static final String TABLE = """
            -              APPEND_A OLD_A APPEND_B RESTORE RESTORE_A AUDIT AUDIT_A ADMIN ADMIN_A KIT STRANGER
            HELLO          PP       RR    PP       PP      PP        PP    PP      PP    PP      PP  RR
            SITE_GRANT     PP       RR    PP       PP      PP        PP    PP      PP    PP      PP  RR
            KEYRING        oo       RR    oo       oo      oo        oo    oo      oo    oo      oo  RR
            FETCH_KEYRING  RR       RR    RR       oo      oo        RR    RR      RR    RR      oo  RR
            PING           oo       RR    oo       oo      oo        oo    oo      oo    oo      oo  RR
            PONG           oo       RR    oo       oo      oo        oo    oo      oo    oo      oo  RR
            FAULT          LL       RR    LL       LL      LL        LL    LL      LL    LL      LL  RR
            OPEN           oR       RR    Ro       RR      RR        RR    RR      RR    RR      RR  RR
            ATTACH         oN       RR    No       RR      RR        RR    RR      RR    RR      RR  RR
            SLICE          oP       RR    Po       RR      RR        RR    RR      RR    RR      RR  RR
            PACK_END       oP       RR    Po       RR      RR        RR    RR      RR    RR      RR  RR
            PACK_STATUS    ou       RR    uo       RR      RR        RR    RR      RR    RR      RR  RR
            COMMIT         oR       RR    Ro       RR      RR        RR    RR      RR    RR      RR  RR
            READ           RR       RR    RR       oo      oR        RR    RR      RR    RR      oo  RR
            LIST_MANIFESTS RR       RR    RR       oo      oR        oo    oR      RR    RR      oo  RR
            FETCH_MANIFEST RR       RR    RR       oo      oR        oo    oR      RR    RR      oo  RR
            FETCH_SESSION  RR       RR    RR       oo      oR        oo    oR      oo    oR      oo  RR
            AUDIT          RR       RR    RR       RR      RR        oo    oR      RR    RR      RR  RR
            LIST_SESSIONS  RR       RR    RR       RR      RR        RR    RR      oo    oR      RR  RR
            ORDER          RR       RR    RR       RR      RR        RR    RR      oo    oR      RR  RR
            """;

    /** Static, since the site lives as long as the class. */
    @TempDir
    private static Path temp = Path.of("");

    private final TestHome homeA = new TestHome();
    private final TestHome homeB = homeA.otherDataset();
    private final Map<FrameType, List<String>> expected = new EnumMap<>(FrameType.class);
    private final List<String> columns = new ArrayList<>();
    private final TlsIdentity client = TlsIdentity.generate("client", homeA.random, Clock.system());
    private final Stored storedA = new Stored(homeA);
    private final Stored storedB = new Stored(homeB);
    private ByteString oldGrant = ByteString.EMPTY;
    private ByteString keyring = ByteString.EMPTY;
    private long orders = 100;
    private TestSite site;

    /** What lies at the site of a dataset: one session, one committed pack. */
    private static final class Stored {
        final TestHome home;
        final SessionId session;
        final TestHome.Pack pack;

        Stored(TestHome home) {
            this.home = home;
            this.session = SessionId.random(home.random);
            this.pack = home.pack(session, PACK);
        }

        ByteString dataset() {
            return bytes(home.dataset);
        }
    }

    @BeforeAll
    void store() throws Exception {
        List<String> lines = TABLE.lines().toList();
        columns.addAll(Arrays.asList(lines.get(0).split(" +")).subList(1, Who.values().length + 1));
        for (String line : lines.subList(1, lines.size())) {
            List<String> cells = Arrays.asList(line.split(" +"));
            expected.put(FrameType.valueOf(cells.get(0)), cells.subList(1, cells.size()));
        }
        site = TestSite.start(homeA, new SimDisk(FOLDER), FOLDER, temp.resolve("state.db"))
                .enrolled();
        oldGrant = homeA.datasetGrant(site.id);
        homeA.grantSequence = 2;
        for (Stored stored : List.of(storedA, storedB)) {
            try (TestClient sender = sender(stored.home)) {
                commit(sender, stored, stored.pack);
            }
        }
        keyring = Keyrings.sign(
                homeA.order,
                new KeyringTerms(
                        homeA.vault, 1, 1, Hash.ZERO, ByteString.copyFrom(new byte[1200]), Hash.ZERO, homeA.identity));
        try (TestClient sender = sender(homeA)) {
            sender.send(DeliverKeyring.newBuilder().setKeyring(keyring).build());
            sender.next();
        }
    }

    @AfterAll
    void stop() throws Exception {
        site.close();
    }

    private TestClient sender(TestHome home) throws Exception {
        return site.connect(home.senderTls).hello(home, ClientRole.APPEND, home.datasetGrant(site.id));
    }

    private MessageLite commit(TestClient sender, Stored stored, TestHome.Pack pack) throws Exception {
        Opened opened = sender.open(stored.home, stored.session, site.id);
        sender.put(pack);
        sender.await(PackDurable.class);
        sender.send(commit(stored, opened, pack.entry()));
        return sender.await(Committed.class);
    }

    private static Commit commit(Stored stored, Opened opened, PackEntry pack) {
        ByteString body = ByteString.copyFromUtf8("body");
        return Commit.newBuilder()
                .setStub(stored.home.stub(
                        stored.session,
                        opened.getSequence() + 1,
                        Hash.of(opened.getHead().toByteArray()),
                        List.of(pack),
                        body))
                .setBody(body)
                .build();
    }

    @ParameterizedTest
    @EnumSource
    void mayDoWhatTheTableSaysAndNothingElse(Who who) throws Exception {
        List<String> wrong = new ArrayList<>();
        for (FrameType verb : FrameType.values()) {
            if (!verb.isSentBy(Peer.CLIENT)) {
                continue;
            }
            String cell = expected.getOrDefault(verb, List.of()).get(columns.indexOf(who.name()));
            for (Stored about : List.of(storedA, storedB)) {
                String should = cell.substring(about == storedA ? 0 : 1).substring(0, 1);
                String does = outcome(who, verb, about);
                if (!does.equals(should)) {
                    wrong.add(String.format(
                            Locale.ROOT,
                            "%s %s about %s: %s instead of %s",
                            who,
                            verb,
                            about == storedA ? "A" : "B",
                            does,
                            should));
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** One letter of the table. */
    private String outcome(Who who, FrameType verb, Stored about) throws Exception {
        try (TestClient connection = connect(who)) {
            connection.send(hello(who));
            Object event = connection.next();
            if (event instanceof MessageFrame welcome && welcome.type() == FrameType.WELCOME) {
                connection.welcome = welcome.as(Welcome.class);
                event = ask(connection, who, verb, about);
            }
            return letter(event);
        }
    }

    private TestClient connect(Who who) throws Exception {
        return site.connect(
                switch (who) {
                    case APPEND_A, OLD_A -> homeA.senderTls;
                    case APPEND_B -> homeB.senderTls;
                    case RESTORE, RESTORE_A, AUDIT, AUDIT_A, ADMIN, ADMIN_A, STRANGER -> client;
                    case KIT -> homeA.kitTls;
                });
    }

    private MessageLite hello(Who who) {
        Set<DatasetId> onlyA = Set.of(homeA.dataset);
        return switch (who) {
            case APPEND_A, STRANGER -> TestClient.helloOf(homeA, ClientRole.APPEND, homeA.datasetGrant(site.id));
            case OLD_A -> TestClient.helloOf(homeA, ClientRole.APPEND, oldGrant);
            case APPEND_B -> TestClient.helloOf(homeB, ClientRole.APPEND, homeB.datasetGrant(site.id));
            case RESTORE -> granted(ClientRole.RESTORE, Set.of());
            case RESTORE_A -> granted(ClientRole.RESTORE, onlyA);
            case AUDIT -> granted(ClientRole.AUDIT, Set.of());
            case AUDIT_A -> granted(ClientRole.AUDIT, onlyA);
            case ADMIN -> granted(ClientRole.ADMIN, Set.of());
            case ADMIN_A -> granted(ClientRole.ADMIN, onlyA);
            case KIT ->
                TestClient.helloOf(homeA, ClientRole.RESTORE, ByteString.EMPTY).toBuilder()
                        .clearVault()
                        .build();
        };
    }

    private MessageLite granted(ClientRole role, Set<DatasetId> datasets) {
        return TestClient.helloOf(homeA, role, homeA.clientGrant(client, role, datasets));
    }

    /** Asks, and returns the first frame that comes back. */
    private Object ask(TestClient connection, Who who, FrameType verb, Stored about) throws Exception {
        switch (verb) {
            case SLICE, PACK_END, PACK_STATUS, COMMIT -> {
                return upload(connection, who, verb, about);
            }
            case ATTACH -> {
                try (TestClient first = sender(about.home)) {
                    Opened opened = open(first, about);
                    connection.send(Attach.newBuilder()
                            .setSession(ByteString.copyFrom(about.session.toBytes()))
                            .setAttachToken(opened.getAttachToken())
                            .build());
                    return answer(connection);
                }
            }
            case PONG -> {
                connection.send(Pong.getDefaultInstance());
                connection.send(Ping.newBuilder().setId(7).build());
            }
            default -> connection.send(message(connection, who, verb, about));
        }
        return answer(connection);
    }

    private MessageLite message(TestClient connection, Who who, FrameType verb, Stored about) {
        Hash header = Hashes.sha256(about.home.sessionHeader(about.session));
        return switch (verb) {
            case HELLO -> hello(who);
            case SITE_GRANT ->
                DeliverSiteGrant.newBuilder().setGrant(site.siteGrant).build();
            case KEYRING -> DeliverKeyring.newBuilder().setKeyring(keyring).build();
            case FETCH_KEYRING -> FetchKeyring.getDefaultInstance();
            case PING -> Ping.newBuilder().setId(7).build();
            case FAULT ->
                FaultReport.newBuilder().setCode(Fault.INTERRUPTED.code()).build();
            case OPEN ->
                Open.newBuilder()
                        .setOpen(about.home.sessionOpen(about.session, site.id, connection.welcome.getNonce()))
                        .setSessionHeader(about.home.sessionHeader(about.session))
                        .build();
            case READ ->
                Read.newBuilder()
                        .setRequest(1)
                        .setPack(ByteString.copyFrom(about.pack.entry().id().toBytes()))
                        .setLength(4096)
                        .build();
            case LIST_MANIFESTS ->
                ListManifests.newBuilder().setDataset(about.dataset()).setMax(1).build();
            case FETCH_MANIFEST ->
                FetchManifest.newBuilder()
                        .setDataset(about.dataset())
                        .setSequence(1)
                        .build();
            case FETCH_SESSION ->
                FetchSession.newBuilder()
                        .setHeaderSha256(ByteString.copyFrom(header.toBytes()))
                        .build();
            case AUDIT ->
                Audit.newBuilder().setDataset(about.dataset()).setMax(1).build();
            case LIST_SESSIONS ->
                ListSessions.newBuilder()
                        .setDataset(about.dataset())
                        .setEpochBelow(9)
                        .setMax(1)
                        .build();
            case ORDER -> {
                orders++;
                yield DeliverOrder.newBuilder()
                        .setOrder(about.home.reseal(site.id, orders, (int) orders, about.session))
                        .build();
            }
            default -> throw new AssertionError(verb);
        };
    }

    /** A sender opens its own session first; what it then sends is of its own dataset or of the other one. */
    private Object upload(TestClient connection, Who who, FrameType verb, Stored about) throws Exception {
        Stored own = who == Who.APPEND_B ? storedB : storedA;
        boolean isSender = who == Who.APPEND_A || who == Who.APPEND_B;
        Opened opened = isSender ? open(connection, own) : Opened.getDefaultInstance();
        TestHome.Pack pack = own == about ? own.home.pack(own.session, PACK) : about.pack;
        switch (verb) {
            case SLICE, PACK_END -> {
                // Of a pack that is not its own one frame alone: several at once meet the refusal of the first in
                // different ways.
                boolean whole = isSender && own == about;
                for (int i = 0; i < (whole ? pack.slices() : verb == FrameType.SLICE ? 1 : 0); i++) {
                    sliceOf(connection, isSender, pack, i);
                }
                if (whole || verb == FrameType.PACK_END) {
                    connection.end(pack.entry());
                }
            }
            case PACK_STATUS ->
                connection.send(PackStatus.newBuilder()
                        .addPacks(ByteString.copyFrom(about.pack.entry().id().toBytes()))
                        .build());
            case COMMIT ->
                connection.send(
                        isSender && own == about
                                ? commit(own, opened, own.pack.entry())
                                : commit(
                                        about,
                                        Opened.newBuilder()
                                                .setHead(bytes(Hash.ZERO))
                                                .build(),
                                        about.pack.entry()));
            default -> connection.send(PackEnd.getDefaultInstance());
        }
        return answer(connection);
    }

    /** The next frame, except receipts, which come when the site likes. */
    private static Object answer(TestClient connection) throws InterruptedException {
        Object event = connection.next();
        while (event instanceof MessageFrame frame && frame.message() instanceof ReceiptIssued) {
            event = connection.next();
        }
        return event;
    }

    private Opened open(TestClient connection, Stored stored) throws InterruptedException {
        connection.sendOpen(stored.home, stored.session, site.id);
        return connection.await(Opened.class);
    }

    private static void sliceOf(TestClient connection, boolean isSender, TestHome.Pack pack, int index)
            throws InterruptedException {
        if (isSender) {
            connection.slice(pack, index);
        } else {
            connection.sliceAnyway(pack, index);
        }
    }

    private static String letter(Object event) {
        if (event instanceof DataFrame data) {
            data.release();
            return "o";
        }
        assertThat(event).isInstanceOf(MessageFrame.class);
        MessageLite message = ((MessageFrame) event).message();
        if (message instanceof FaultReport report) {
            return letter(Fault.ofCode(report.getCode()), report.getMessage());
        }
        if (message instanceof ReadFailed failed) {
            return letter(Fault.ofCode(failed.getFault()), failed.getMessage());
        }
        boolean unknown =
                message instanceof PackStates states && states.getPacks(0).getState() == PackPresence.UNKNOWN.wireId();
        return unknown ? "u" : "o";
    }

    private static String letter(Fault fault, String message) {
        return switch (fault) {
            case PEER_REFUSED -> "R";
            case PROTOCOL -> "P";
            case NO_SESSION -> "N";
            case CONNECTION_LOST -> "L";
            default -> fault + " (" + message + ")";
        };
    }

    private static ByteString bytes(DatasetId dataset) {
        return ByteString.copyFrom(dataset.toBytes());
    }

    private static ByteString bytes(Hash hash) {
        return ByteString.copyFrom(hash.toBytes());
    }
}
