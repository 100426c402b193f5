package sago.sender.node;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.trust.VerifiedStub;
import sago.sender.keys.OpenedKeyring;
import sago.sender.upload.RestoreClient;
import sago.sender.upload.SnapshotHead;

/**
 * Holds a keyring against the manifests of a site. A manifest names the newest keyring that its sender knew, and its sender signed that: one that
 * names a higher number proves that an older keyring is shown as the newest. Confined to one thread.
 */
final class KeyringWitness {
    private final OpenedKeyring keyring;

    /** Borrows the keyring. */
    KeyringWitness(OpenedKeyring keyring) {
        this.keyring = keyring;
    }

    /**
     * Verifies all chains of a site.
     *
     * @return what cannot be judged
     * @throws FaultException PEER_REFUSED where a manifest proves a roll-back, or as {@link SiteChain#fetch} says
     */
    List<String> ask(RestoreClient site, String name) throws FaultException, InterruptedException {
        Map<DatasetId, Long> heads = new LinkedHashMap<>();
        for (SnapshotHead head : site.manifests(null, 1)) {
            heads.put(head.dataset(), head.sequence());
        }
        List<String> warnings = new ArrayList<>();
        for (Map.Entry<DatasetId, Long> head : heads.entrySet()) {
            DatasetId dataset = head.getKey();
            SiteChain.Signers signers = new SiteChain.Signers(keyring.vault(), dataset, keyring.senderKeys());
            boolean known =
                    keyring.datasets().stream().anyMatch(entry -> entry.id().equals(dataset));
            if (known) {
                for (SiteChain.Link link : SiteChain.fetch(site, signers).links()) {
                    requireNotNewer(link.stub(), name);
                }
            } else {
                Optional<VerifiedStub> newest = signedByUs(site, signers, head.getValue());
                if (newest.isPresent()) {
                    requireNotNewer(newest.get(), name);
                }
                warnings.add("site " + name + " lists snapshots of dataset " + dataset + ", which keyring "
                        + keyring.counter() + " does not know: made up, or there was a newer keyring");
            }
        }
        return warnings;
    }

    private static Optional<VerifiedStub> signedByUs(RestoreClient site, SiteChain.Signers signers, long sequence)
            throws FaultException, InterruptedException {
        try {
            return Optional.of(
                    SiteChain.verify(site.manifest(signers.dataset(), sequence).stub(), signers));
        } catch (FaultException e) {
            if (e.fault() != Fault.PEER_REFUSED) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private void requireNotNewer(VerifiedStub stub, String name) throws FaultException {
        if (stub.terms().keyringCounter() > keyring.counter()) {
            throw new FaultException(
                    Fault.PEER_REFUSED,
                    "a snapshot at site " + name + ", signed by this vault's sender, knows keyring "
                            + stub.terms().keyringCounter() + ", and the newest that any site shows is "
                            + keyring.counter()
                            + ": an old keyring is shown as the newest. Ask another site with --address");
        }
    }
}
