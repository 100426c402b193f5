package sago.sender.keys;

import java.util.List;

/**
 * A sender with a name, as it is listed: no secret.
 *
 * @param datasets names of those that it has; where it was revoked, of those that it had
 * @param since seconds since the epoch at which its keys were made
 * @param revoked seconds since the epoch; 0: not
 * @param needsBundle a key was rotated or a site came since its last bundle: it must join with a new one
 */
public record SenderInfo(String name, List<String> datasets, long since, long revoked, boolean needsBundle) {
    public SenderInfo {
        datasets = List.copyOf(datasets);
    }

    public boolean isRevoked() {
        return revoked != 0;
    }
}
