package sago.receiver.store;

import static sago.receiver.store.StoreFixture.DATASET;
import static sago.receiver.store.StoreFixture.VAULT;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import sago.common.durable.Disk;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SessionId;
import sago.common.id.SiteId;
import sago.common.limits.Limits;
import sago.common.sign.Hashes;
import sago.common.sign.SigningKey;
import sago.common.sign.VerifyingKey;
import sago.common.time.Clock;
import sago.common.trust.ExpireTerms;
import sago.common.trust.ExpiryGrantTerms;
import sago.common.trust.GrantedExpiry;

/** Expire orders, sweeps and a clock that goes when it is told to. */
final class RetainFixture {
    static final long GRACE_MS = 10_000;
    static final Set<SessionId> NONE_LIVES = Set.of();

    private static final VerifyingKey EXPIRY =
            SigningKey.generate(new SecureRandom()).verifyingKey();

    /** A wall clock that stands still until it is advanced. */
    static final class TestClock implements Clock {
        private final AtomicLong wallMs = new AtomicLong(1_700_000_000_000L);

        void advance(long ms) {
            wallMs.addAndGet(ms);
        }

        @Override
        public long wallMs() {
            return wallMs.get();
        }

        @Override
        public long monotonicNs() {
            return wallMs.get() * 1_000_000;
        }
    }

    private RetainFixture() {}

    static SiteStore open(Disk disk, Path folder, Path database, Clock clock) throws IOException {
        return SiteStore.open(StoreFixture.settings(disk, folder, database).withGrace(GRACE_MS), clock, pack -> {});
    }

    /** Allows everything. */
    static ExpiryGrantTerms grant(long sequence) {
        return grant(sequence, 0, ExpiryGrantTerms.SNAPSHOTS_PER_DAY_MAX);
    }

    static ExpiryGrantTerms grant(long sequence, long minimumAgeSeconds, int perDay) {
        return new ExpiryGrantTerms(VAULT, EXPIRY, minimumAgeSeconds, perDay, sequence, 0, 0);
    }

    static GrantedExpiry expiry(long sequence, ExpiryGrantTerms grant, List<Hash> manifests) {
        return expiry(DATASET, sequence, grant, manifests);
    }

    static GrantedExpiry expiry(DatasetId dataset, long sequence, ExpiryGrantTerms grant, List<Hash> manifests) {
        List<Hash> ascending = manifests.stream().sorted().toList();
        return new GrantedExpiry(
                new ExpireTerms(VAULT, new SiteId(4, 4), dataset, sequence, 0, 0, ascending, Hash.ZERO), grant);
    }

    static FollowedOrder expire(SiteStore store, GrantedExpiry expiry) throws FaultException {
        return store.expire(expiry, Hashes.sha256(expiry.order().toString().getBytes(StandardCharsets.UTF_8)));
    }

    static SweepOutcome sweep(SiteStore store) throws FaultException {
        return store.sweep(() -> NONE_LIVES);
    }

    /** Hashes of the manifests of the dataset with these sequences. */
    static List<Hash> manifests(SiteStore store, long... sequences) throws FaultException {
        List<Hash> hashes = new ArrayList<>();
        for (long sequence : sequences) {
            hashes.add(store.manifests(DATASET, sequence, 1).get(0).manifest());
        }
        return hashes;
    }

    /** Sequences of the manifests of the dataset that count. */
    static List<Long> counting(SiteStore store) throws FaultException {
        return store.manifests(DATASET, 1, Limits.MANIFEST_HEADS_MAX).stream()
                .filter(commit -> !commit.expired())
                .map(CommittedManifest::sequence)
                .toList();
    }

    /** Every row of a database, so that two can be compared. */
    static List<String> rows(Path database) throws IOException {
        List<String> rows = new ArrayList<>();
        try (SqlConnection connection = SqlConnection.open(database)) {
            for (StateTable table : StateTable.values()) {
                rows.addAll(connection.all("SELECT * FROM " + table, row -> table + " " + text(row)));
            }
        }
        return rows;
    }

    private static String text(ResultSet row) throws SQLException {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            Object value = row.getObject(i);
            values.add(value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(value));
        }
        return String.join(" ", values);
    }
}
