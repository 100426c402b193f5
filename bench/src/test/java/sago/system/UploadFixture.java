package sago.system;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.merkle.MerkleHasher;
import sago.common.pack.PackEntry;
import sago.common.pack.PackGeometry;
import sago.common.pack.PackHeader;
import sago.common.sign.Hashes;
import sago.common.trust.ManifestStubs;
import sago.common.trust.PackIds;
import sago.common.trust.PackTable;
import sago.common.trust.StubTerms;
import sago.sender.pack.PackImage;
import sago.sender.upload.RateSource;
import sago.sender.upload.ReadPlan;
import sago.sender.upload.RestoreClient;
import sago.sender.upload.SessionOpening;
import sago.sender.upload.SiteHead;
import sago.sender.upload.Streams;
import sago.sender.upload.UploadPlan;
import sago.sender.upload.UploadSession;

/** A home, a site, and a faulty link between them, with packs of random bytes on the way. */
final class UploadFixture implements AutoCloseable {
    static final int S = 8192;
    static final PackGeometry GEOMETRY = new PackGeometry(S, 128 << 10);
    static final int WINDOW_PACKS = 3;

    final SiteUnderTest site;
    final FaultyLink link;
    final HomeUnderTest home;
    final SessionOpening opening;

    /** Packs that were handed over, with their bytes. */
    final Map<PackEntry, byte[]> sent = new LinkedHashMap<>();

    /** Packs that the acknowledgement thread heard of. */
    final Set<PackId> noted = ConcurrentHashMap.newKeySet();

    /** Packs that a verified receipt named. */
    final Set<PackId> receipted = ConcurrentHashMap.newKeySet();

    private final Random random;
    private final SecureRandom ids = new SecureRandom();
    private final MerkleHasher hasher = new MerkleHasher();

    UploadFixture(Path folder, long seed) throws Exception {
        random = new Random(seed);
        site = new SiteUnderTest(folder.resolve("site"), "sg");
        link = new FaultyLink(seed);
        home = new HomeUnderTest(folder.resolve("home"), site, link.port());
        opening = home.session();
        startSite();
    }

    void startSite() throws Exception {
        link.target(site.start());
    }

    UploadSession upload(int connections) throws Exception {
        UploadPlan plan = new UploadPlan(
                GEOMETRY,
                Streams.of(connections),
                (long) WINDOW_PACKS * GEOMETRY.packBytes(),
                UploadPlan.NEVER_NS,
                RateSource.UNLIMITED,
                ids);
        UploadSession.Listeners listeners = new UploadSession.Listeners(
                (entry, chunks, keepUntil) -> noted.add(entry.id()), (receipt, packs) -> receipted.addAll(packs));
        return UploadSession.open(home.appender(), opening, plan, listeners);
    }

    RestoreClient reader() throws Exception {
        return RestoreClient.open(home.reader(), ReadPlan.of(ids));
    }

    /** Seals a pack of this length: a public header, then random bytes. */
    void send(UploadSession session, int length) throws FaultException, InterruptedException {
        PackImage image = session.acquire();
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        ByteBuffer header = ByteBuffer.wrap(bytes);
        new PackHeader(S, opening.grant().vault(), opening.grant().dataset(), opening.session(), image.id())
                .write(header);
        for (int i = 0; i < GEOMETRY.segments(length); i++) {
            image.buffer().put(i * S, bytes, i * S, S);
            session.sliceReady(image, i);
        }
        PackEntry entry = new PackEntry(image.id(), length, hasher.slice(ByteBuffer.wrap(bytes)));
        sent.put(entry, bytes);
        session.complete(image, entry, List.of());
    }

    /** A stub that adds all packs that were sent, after the given head. */
    ByteString stub(SiteHead head, ByteString body) {
        return stub(head, body, PackTable.of(sent.keySet()));
    }

    ByteString stub(SiteHead head, ByteString body, PackTable added) {
        StubTerms terms = new StubTerms(
                opening.grant().vault(),
                opening.grant().dataset(),
                head.sequence() + 1,
                head.manifest(),
                opening.session(),
                added,
                PackIds.EMPTY,
                List.of(Hashes.sha256(opening.header())),
                1,
                Hashes.sha256(body));
        return ManifestStubs.sign(home.home().signingKey(), terms);
    }

    /** The bytes of a pack as the site has them now. */
    static byte[] read(RestoreClient reader, PackEntry pack) throws FaultException, InterruptedException {
        ByteBuffer bytes = ByteBuffer.allocateDirect((int) pack.length());
        reader.fetch(pack.id(), 0, bytes);
        byte[] copy = new byte[bytes.flip().remaining()];
        bytes.get(copy);
        return copy;
    }

    /** The hash of a stub's manifest. */
    static Hash manifest(ByteString stub) throws FaultException {
        return ManifestStubs.hash(stub);
    }

    @Override
    public void close() throws IOException {
        home.close();
        link.close();
        site.close();
    }
}
