package sago.receiver.store;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import sago.common.durable.Disk;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.id.SiteId;
import sago.common.id.VaultId;
import sago.common.limits.Limits;
import sago.common.merkle.MerkleHasher;
import sago.common.pack.PackEntry;
import sago.common.pack.PackGeometry;
import sago.common.pack.PackHeader;
import sago.common.sign.Hashes;
import sago.common.sign.SigningKey;
import sago.common.time.Clock;
import sago.common.trust.ManifestStubs;
import sago.common.trust.PackIds;
import sago.common.trust.PackTable;
import sago.common.trust.SessionTerms;
import sago.common.trust.StubTerms;
import sago.common.trust.VerifiedStub;

/** Tiny packs, sessions and manifests, and ways to bring them into a store. */
final class StoreFixture {
    /** Two slices of 8 KiB in a full pack of 16 KiB. */
    static final PackGeometry GEOMETRY = new PackGeometry(8 << 10, 16 << 10);

    static final VaultId VAULT = new VaultId(1, 1);
    static final DatasetId DATASET = new DatasetId(2, 2);
    static final Clock CLOCK = new Clock() {
        @Override
        public long wallMs() {
            return 1_700_000_000_000L;
        }

        @Override
        public long monotonicNs() {
            return 0;
        }
    };

    private static final SigningKey SENDER = SigningKey.generate(new SecureRandom());
    private static final ByteString BODY = ByteString.copyFromUtf8("sealed body");

    /** A sealed pack of pseudo-random bytes. */
    static final class TestPack {
        final PackEntry entry;
        final byte[] bytes;

        TestPack(PackEntry entry, byte[] bytes) {
            this.entry = entry;
            this.bytes = bytes;
        }

        PackId id() {
            return entry.id();
        }

        ByteBuffer slice(int slice) {
            int length = Math.min(GEOMETRY.segmentBytes(), bytes.length);
            return ByteBuffer.wrap(bytes, slice * length, length);
        }

        int slices(PackGeometry geometry) {
            return geometry.segments(bytes.length);
        }
    }

    private StoreFixture() {}

    static StoreSettings settings(Disk disk, Path folder, Path stateFile) {
        return new StoreSettings(
                disk, folder, stateFile, new SpaceReserve(0, 0, 0), 100_000, Limits.UNCOMMITTED_KEEP_MS);
    }

    static SiteStore open(StoreSettings settings) throws IOException {
        return SiteStore.open(settings, CLOCK, pack -> {});
    }

    static SessionTerms terms(int session) {
        ByteString header = header(session);
        return new SessionTerms(
                VAULT,
                DATASET,
                new SessionId(3, session),
                new SiteId(4, 4),
                ByteString.copyFrom(new byte[SessionTerms.NONCE_BYTES]),
                Hashes.sha256(header),
                session,
                GEOMETRY);
    }

    static ByteString header(int session) {
        return ByteString.copyFromUtf8("header of session " + session);
    }

    static OpenedSession openSession(SiteStore store, int session) throws FaultException {
        return store.openSession(terms(session), 1, header(session), ByteString.copyFromUtf8("grant"));
    }

    static TestPack pack(OpenedSession session, int number) {
        return pack(session, number, session.geometry().packBytes());
    }

    static TestPack pack(OpenedSession session, int number, int length) {
        byte[] bytes = new byte[length];
        new Random(number).nextBytes(bytes);
        PackId id = new PackId((long) number << 56, number);
        new PackHeader(session.geometry().segmentBytes(), session.vault(), session.dataset(), session.session(), id)
                .write(ByteBuffer.wrap(bytes));
        Hash root = new MerkleHasher().slice(ByteBuffer.wrap(bytes));
        return new TestPack(new PackEntry(id, length, root), bytes);
    }

    static DurableAck put(SiteStore store, OpenedSession session, TestPack pack) throws IOException {
        IncomingPack incoming = store.receive(session, pack.id());
        for (int i = 0; i < pack.slices(session.geometry()); i++) {
            incoming.writeSlice(i, pack.slice(i));
        }
        return end(incoming, pack);
    }

    static DurableAck end(IncomingPack incoming, TestPack pack) throws IOException {
        try {
            return incoming.end(pack.bytes.length, pack.entry.root())
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw e;
        }
    }

    /** A commit to be sent. */
    record Stub(VerifiedStub stub, ByteString envelope) {
        CommitOutcome commit(SiteStore store) throws FaultException {
            return store.commit(stub, envelope, BODY);
        }
    }

    static Stub stub(DatasetHead head, OpenedSession session, List<PackEntry> added, List<PackId> dropped)
            throws FaultException {
        StubTerms terms = new StubTerms(
                VAULT,
                session.dataset(),
                head.sequence() + 1,
                head.manifest(),
                session.session(),
                PackTable.of(added),
                PackIds.of(dropped),
                List.of(session.headerSha256()),
                1,
                Hashes.sha256(BODY));
        ByteString envelope = ManifestStubs.sign(SENDER, terms);
        return new Stub(ManifestStubs.readStored(envelope), envelope);
    }

    static Stub stub(DatasetHead head, OpenedSession session, TestPack... added) throws FaultException {
        List<PackEntry> entries = new ArrayList<>();
        for (TestPack pack : added) {
            entries.add(pack.entry);
        }
        return stub(head, session, entries, List.of());
    }

    static byte[] read(SiteStore store, TestPack pack) throws FaultException {
        ByteBuffer into = ByteBuffer.allocate(pack.bytes.length);
        store.readPack(pack.id(), 0, into);
        return into.array();
    }
}
