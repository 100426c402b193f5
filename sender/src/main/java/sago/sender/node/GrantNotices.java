package sago.sender.node;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.common.trust.DatasetTerms;
import sago.sender.keys.ClientCredential;
import sago.sender.keys.SiteEndpoint;
import sago.sender.upload.GrantNotice;

/** Shows new grants of datasets to their sites, so that each site refuses the older ones from then on. Confined to one thread. */
public final class GrantNotices {
    private final HomeNode node;
    private final List<SiteEndpoint> sites;

    /** @param sites of the vault, as it lists them now */
    public GrantNotices(HomeNode node, List<SiteEndpoint> sites) {
        this.node = node;
        this.sites = List.copyOf(sites);
    }

    /**
     * What became of one notice.
     *
     * @param site name of the site
     * @param missed why the site does not know the grant now; null: it does
     */
    public record Outcome(String site, @Nullable FaultException missed) {}

    /** Shows a grant to each of its sites once. */
    public List<Outcome> show(DatasetTerms grant, ClientCredential credential) throws InterruptedException {
        List<Outcome> outcomes = new ArrayList<>();
        for (SiteEndpoint site : sites) {
            if (grant.sites().containsKey(site.site())) {
                outcomes.add(show(site, credential));
            }
        }
        return outcomes;
    }

    private Outcome show(SiteEndpoint site, ClientCredential credential) throws InterruptedException {
        try {
            GrantNotice.show(node.client(site, credential));
            return new Outcome(site.name(), null);
        } catch (FaultException missed) {
            return new Outcome(site.name(), missed);
        }
    }
}
