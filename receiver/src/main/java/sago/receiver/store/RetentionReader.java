package sago.receiver.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SessionId;
import sago.common.id.VaultId;

/** Questions of retention to the database: which manifests count, and which packs none of them names. Thread-safe by its connection. */
final class RetentionReader {
    private static final int MS_PER_SECOND = 1_000;

    private final StateReader state;

    RetentionReader(StateReader state) {
        this.state = state;
    }

    /** The manifest of a dataset with this hash. */
    Optional<ManifestRow> manifest(DatasetId dataset, Hash manifest) throws IOException {
        return state.one(
                StateTable.MANIFESTS,
                "WHERE manifest = ? AND dataset = ? LIMIT 1",
                ManifestRow::of,
                manifest.toBytes(),
                dataset.toBytes());
    }

    /** The newest manifest below this sequence that counts, or the oldest above it; 0 if there is none. */
    long counting(DatasetId dataset, long sequence, boolean above) throws IOException {
        String condition = above
                ? "WHERE number > ? AND number <= ? AND expired_ms = 0 ORDER BY number LIMIT 1"
                : "WHERE number < ? AND number >= ? AND expired_ms = 0 ORDER BY number DESC LIMIT 1";
        return state.one(
                        StateTable.MANIFESTS,
                        condition,
                        ManifestRow::of,
                        ManifestRow.number(dataset, sequence),
                        ManifestRow.number(dataset, above ? Long.MAX_VALUE : 0))
                .map(row -> row.commit().sequence())
                .orElse(0L);
    }

    /** How many manifests of a dataset were expired after this time. */
    long expiredSince(DatasetId dataset, long wallMs) throws IOException {
        return state.number(
                "SELECT COUNT(*) FROM MANIFESTS WHERE dataset = ? AND expired_ms > 0 AND expired_ms > ?",
                dataset.toBytes(),
                wallMs);
    }

    /** Manifests of a dataset that an order of this time has expired. */
    List<ManifestRow> expiredAt(DatasetId dataset, long wallMs) throws IOException {
        return state.all(
                StateTable.MANIFESTS,
                "WHERE dataset = ? AND expired_ms > 0 AND expired_ms = ? ORDER BY number",
                ManifestRow::of,
                dataset.toBytes(),
                Math.max(1, wallMs));
    }

    /** The highest sequence of an expiry grant that an order of the vault came with, 0 if none did. */
    long expiryGrant(VaultId vault) throws IOException {
        return state.one(StateTable.EXPIRY_GRANTS, "WHERE vault = ?", row -> row.number(1), (Object) vault.toBytes())
                .orElse(0L);
    }

    /** The last order of every vault. */
    List<FollowedOrder> lastOrders() throws IOException {
        return state.all(StateTable.ORDERS, "", OrderRow::of).stream()
                .map(OrderRow::order)
                .toList();
    }

    /** Packs that are named, added above one sequence and dropped at another or before, some of them. */
    List<PackRow> namedBetween(DatasetId dataset, long addedAbove, long droppedUpTo, int max) throws IOException {
        return state.all(
                StateTable.PACKS,
                "WHERE dataset = ? AND dropped > 0 AND dropped > ? AND dropped <= ? AND added > ? AND unnamed_ms = 0"
                        + " LIMIT ?",
                PackRow::of,
                dataset.toBytes(),
                addedAbove,
                droppedUpTo,
                addedAbove,
                max);
    }

    /** Packs that no manifest names and whose record had no time, some of them. */
    List<PackRow> untimed(int max) throws IOException {
        return state.all(
                StateTable.PACKS,
                "WHERE unnamed_ms > 0 AND unnamed_ms = ? LIMIT ?",
                PackRow::of,
                PackNames.UNKNOWN_TIME,
                max);
    }

    /**
     * Packs that may go: unnamed for the grace, past what was promised, not of these sessions, nor of a dataset with a manifest that could
     * not be read, because what that one names is not known.
     */
    List<PackRow> due(long nowMs, long graceMs, Collection<SessionId> live, int max) throws IOException {
        List<Object> values = new ArrayList<>(List.of(nowMs - graceMs, nowMs / MS_PER_SECOND));
        live.forEach(session -> values.add(session.toBytes()));
        values.add(max);
        return state.all(
                StateTable.PACKS,
                "WHERE unnamed_ms > 0 AND unnamed_ms <= ? AND keep_until <= ?"
                        + " AND dataset NOT IN (SELECT dataset FROM MANIFESTS WHERE damaged > 0) AND session NOT IN ("
                        + String.join(", ", Collections.nCopies(live.size(), "?")) + ") ORDER BY unnamed_ms LIMIT ?",
                PackRow::of,
                values.toArray());
    }

    /** How many packs no manifest names. */
    long unnamed() throws IOException {
        return state.number("SELECT COUNT(*) FROM PACKS WHERE unnamed_ms > 0");
    }

    /** When the next pack is due after this moment, unless a commit names it before. */
    OptionalLong nextDueMs(long nowMs, long graceMs) throws IOException {
        long next = state.number(
                "SELECT MIN(MAX(keep_until * 1000, unnamed_ms + ?)) FROM PACKS WHERE unnamed_ms > 0"
                        + " AND unnamed_ms < ? AND MAX(keep_until * 1000, unnamed_ms + ?) > ?",
                graceMs,
                PackNames.UNKNOWN_TIME,
                graceMs,
                nowMs);
        return next == 0 ? OptionalLong.empty() : OptionalLong.of(next);
    }
}
