package sago.sender.keys;

import java.util.List;
import sago.common.trust.HomeIdentity;

/**
 * What a bundle makes of the folder that it is joined into: no secret.
 *
 * @param name of the sender
 * @param home whose sender it is
 * @param datasets names of those that it is granted
 * @param sites names of those that may hold them
 * @param update there is a sender of this name already
 */
public record JoinedSender(String name, HomeIdentity home, List<String> datasets, List<String> sites, boolean update) {
    public JoinedSender {
        datasets = List.copyOf(datasets);
        sites = List.copyOf(sites);
    }
}
