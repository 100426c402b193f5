package sago.sender.backup;

import java.nio.file.Path;
import java.util.Set;
import sago.common.sign.SigningKey;
import sago.sender.keys.DatasetKeys;
import sago.sender.source.SourceRoots;

/**
 * What to back up, and as whom.
 *
 * @param signer key of role sender
 * @param keyringCounter of the newest keyring of the vault
 * @param excluded absolute real paths that are left out: above all the home folder
 * @param host and {@code software} are written into the snapshot
 */
public record BackupOrder(
        DatasetKeys dataset,
        SigningKey signer,
        long keyringCounter,
        SourceRoots roots,
        Set<Path> excluded,
        String host,
        String software) {
    public BackupOrder {
        excluded = Set.copyOf(excluded);
    }
}
