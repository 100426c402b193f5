package sago.common.trust;

import java.util.HashSet;
import java.util.List;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SessionId;
import sago.common.id.VaultId;

/**
 * The public part of a manifest.
 *
 * @param sequence 1 for the first manifest of a dataset, then one more each time
 * @param previous manifest hash of the one before, zeros for the first
 * @param session session whose key seals the body
 * @param added packs that this manifest adds to the set of the one before
 * @param dropped packs that it takes out of that set
 * @param sessionHeaders SHA-256 of every session header that the added packs and the body need
 * @param keyringCounter counter of the newest keyring when it was made
 * @param bodySha256 SHA-256 of the sealed body's bytes
 */
public record StubTerms(
        VaultId vault,
        DatasetId dataset,
        long sequence,
        Hash previous,
        SessionId session,
        PackTable added,
        PackIds dropped,
        List<Hash> sessionHeaders,
        long keyringCounter,
        Hash bodySha256) {
    /** One snapshot comes from a handful of sessions: its own and those before it that were cut off. */
    static final int SESSION_HEADERS_MAX = 4096;

    public StubTerms {
        sessionHeaders = List.copyOf(sessionHeaders);
        Terms.require(sequence > 0, "sequence");
        Terms.require((sequence == 1) == previous.equals(Hash.ZERO), "only the first manifest has none before it");
        Terms.require(
                !sessionHeaders.isEmpty() && sessionHeaders.size() <= SESSION_HEADERS_MAX, "number of session headers");
        Terms.require(
                new HashSet<>(sessionHeaders).size() == sessionHeaders.size(), "a session header stands there twice");
        Terms.require(keyringCounter >= 0, "keyring counter");
    }
}
