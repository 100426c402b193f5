package sago.sender.node;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.id.SiteId;
import sago.common.protocol.ClientRole;
import sago.common.sign.Fingerprint;
import sago.common.trust.Keyrings;
import sago.common.trust.SiteIdentity;
import sago.sender.keys.ClientCredential;
import sago.sender.keys.Kit;
import sago.sender.keys.OpenedKeyring;
import sago.sender.keys.SiteAddress;
import sago.sender.keys.SiteEndpoint;
import sago.sender.upload.RestoreClient;

/**
 * Finds the newest keyring with nothing but the kit and the address of one site. What that site says is believed only as far as the kit's
 * anchor goes: the keyring must be this kit's, and the site one that it lists, with exactly the identity that it lists. Then every other listed site is
 * asked, each pinned, and the highest counter wins. Confined to one thread.
 */
public final class KeyringSearch {
    private final HomeNode node;
    private final Kit kit;
    private final ClientCredential credential;
    private final List<Sighting> sightings = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Set<SiteId> asked = new HashSet<>();

    /** Borrows the kit. */
    public KeyringSearch(HomeNode node, Kit kit) {
        this.node = node;
        this.kit = kit;
        this.credential = new ClientCredential(
                ClientRole.RESTORE,
                kit.tlsIdentity(node.context().random(), node.context().clock()),
                ByteString.EMPTY);
    }

    /**
     * What a site showed.
     *
     * @param counter of its newest keyring; 0: none that counts
     * @param problem why it does not count; empty where it does
     */
    public record Sighting(String site, long counter, String problem) {}

    /**
     * The newest keyring that was found, and who showed what. The caller closes the keyring.
     *
     * @param first the site that was asked first
     */
    public record Found(OpenedKeyring keyring, SiteId first, List<Sighting> sightings, List<String> warnings) {
        public Found {
            sightings = List.copyOf(sightings);
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * Asks the site at an address, then all others.
     *
     * @throws FaultException PEER_REFUSED where the keyring or the site is not what the kit vouches for, or where a manifest proves that there was a
     *     newer keyring than any that is shown; NOT_FOUND where the site has none; INTEGRITY where two versions do not follow each other
     */
    public Found find(SiteAddress address) throws FaultException, InterruptedException {
        SiteId first;
        OpenedKeyring best;
        try (RestoreClient site = node.askUnknown(address, credential)) {
            best = OpenedKeyring.open(site.keyring(0), kit);
            try {
                SiteEndpoint listed = requireListed(best, site.site(), address);
                first = listed.site();
                asked.add(first);
                requirePrevious(site, best, listed.name());
                sightings.add(new Sighting(listed.name(), best.counter(), ""));
            } catch (FaultException | InterruptedException | RuntimeException e) {
                best.close();
                throw e;
            }
        }
        try {
            best = askOthers(best);
            witness(best);
            return new Found(best, first, sightings, warnings);
        } catch (FaultException | InterruptedException | RuntimeException e) {
            best.close();
            throw e;
        }
    }

    /** The address may lead to anybody: only now is it known who had to be there. */
    private static SiteEndpoint requireListed(OpenedKeyring keyring, SiteIdentity shown, SiteAddress address)
            throws FaultException {
        for (SiteEndpoint site : keyring.sites()) {
            if (site.site().equals(shown.site())
                    && site.fingerprint().equals(shown.fingerprint())
                    && site.tlsSpki().equals(shown.tlsSpki())) {
                return site;
            }
        }
        throw new FaultException(
                Fault.PEER_REFUSED,
                "who answers at " + address + ", " + Fingerprint.words(shown.fingerprint())
                        + ", is none of the sites in the keyring that it shows: somebody stands between. Use the address of a true site");
    }

    /** The version before must be the one that this one names, where the site shows it. */
    private void requirePrevious(RestoreClient site, OpenedKeyring keyring, String name)
            throws FaultException, InterruptedException {
        Hash named = Keyrings.verifyAgainstItself(keyring.envelope()).previous();
        if (keyring.counter() == 1) {
            return;
        }
        ByteString before;
        try {
            before = site.keyring(keyring.counter() - 1);
        } catch (FaultException e) {
            if (e.fault() != Fault.NOT_FOUND) {
                throw e;
            }
            warnings.add("site " + name + " does not show keyring " + (keyring.counter() - 1)
                    + ", so that it cannot be seen what number " + keyring.counter() + " follows");
            return;
        }
        if (!Keyrings.hash(before).equals(named)) {
            throw new FaultException(
                    Fault.INTEGRITY,
                    "site " + name + " shows keyrings " + (keyring.counter() - 1) + " and " + keyring.counter()
                            + " that do not follow each other: one of them is not home's. Ask another site");
        }
    }

    private OpenedKeyring askOthers(OpenedKeyring start) throws FaultException, InterruptedException {
        OpenedKeyring best = start;
        Optional<SiteEndpoint> next = unasked(best);
        while (next.isPresent()) {
            Optional<OpenedKeyring> shown = ask(next.get(), best);
            if (shown.isPresent() && shown.get().counter() > best.counter()) {
                best.close();
                best = shown.get();
            } else {
                shown.ifPresent(OpenedKeyring::close);
            }
            // A newer one may list other sites.
            next = unasked(best);
        }
        return best;
    }

    private Optional<SiteEndpoint> unasked(OpenedKeyring keyring) throws FaultException {
        return keyring.sites().stream()
                .filter(site -> !asked.contains(site.site()))
                .findFirst();
    }

    /** What another site shows; one that is away or lies does not stop the others. */
    private Optional<OpenedKeyring> ask(SiteEndpoint endpoint, OpenedKeyring best) throws InterruptedException {
        asked.add(endpoint.site());
        try (RestoreClient site = node.ask(endpoint, credential)) {
            OpenedKeyring shown = OpenedKeyring.open(site.keyring(0), kit);
            try {
                requireSameHome(shown, best);
                requirePrevious(site, shown, endpoint.name());
            } catch (FaultException | InterruptedException | RuntimeException e) {
                shown.close();
                throw e;
            }
            sightings.add(new Sighting(endpoint.name(), shown.counter(), ""));
            return Optional.of(shown);
        } catch (FaultException e) {
            sightings.add(new Sighting(endpoint.name(), 0, String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    private void requireSameHome(OpenedKeyring shown, OpenedKeyring best) throws FaultException {
        if (!shown.identity().bytes().equals(best.identity().bytes())) {
            throw new FaultException(Fault.PEER_REFUSED, "its keyring is of another vault");
        }
        if (shown.counter() == best.counter()
                && !Keyrings.hash(shown.envelope()).equals(Keyrings.hash(best.envelope()))) {
            warnings.add("sites show two different keyrings of number " + best.counter()
                    + ": home was once used in two places. What only the other one knows is not recovered");
        }
    }

    /** No manifest may know a newer keyring than the one that was chosen. */
    private void witness(OpenedKeyring keyring) throws FaultException, InterruptedException {
        KeyringWitness witness = new KeyringWitness(keyring);
        for (SiteEndpoint endpoint : keyring.sites()) {
            boolean answered = sightings.stream()
                    .anyMatch(seen -> seen.site().equals(endpoint.name())
                            && seen.problem().isEmpty());
            if (answered) {
                try (RestoreClient site = node.ask(endpoint, credential)) {
                    warnings.addAll(witness.ask(site, endpoint.name()));
                }
            }
        }
    }
}
