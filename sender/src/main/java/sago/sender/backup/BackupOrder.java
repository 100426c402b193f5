package sago.sender.backup;

import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.Set;
import sago.common.sign.SigningKey;
import sago.sender.keys.DatasetKeys;

/**
 * What to back up, and as whom.
 *
 * @param signer key of role sender
 * @param keyringCounter of the newest keyring of the vault
 * @param timeMs wall time that the snapshot shall carry, where it is not its own
 * @param excluded absolute real paths that are left out of every backup: above all the home folder, which changes while it is used
 * @param host and {@code software} are written into the snapshot
 */
public record BackupOrder(
        DatasetKeys dataset,
        SigningKey signer,
        long keyringCounter,
        BackupSource source,
        OptionalLong timeMs,
        Set<Path> excluded,
        String host,
        String software) {
    public BackupOrder {
        excluded = Set.copyOf(excluded);
    }
}
