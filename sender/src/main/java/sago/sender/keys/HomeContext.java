package sago.sender.keys;

import java.nio.file.Path;
import java.security.SecureRandom;
import sago.common.durable.DurableFiles;
import sago.common.time.Clock;
import sago.sender.seal.AeadProvider;

/**
 * A home folder and what its keys need from outside. Immutable; any thread.
 *
 * <pre>
 * FOLDER/vault/vault.pb          wrapped keys: opening it needs passphrase, key file or kit
 * FOLDER/vault/walks/            what `forget` remembers of walks and verified snapshots
 * FOLDER/sender/identity.pb      keys of the sender itself
 * FOLDER/sender/keyring.pb       the newest keyring, for sites
 * FOLDER/sender/sites/NAME.pb
 * FOLDER/sender/datasets/NAME.pb
 * FOLDER/sender/moved/NAME.pb    a dataset that another sender has
 * </pre>
 */
public record HomeContext(Path folder, DurableFiles files, SecureRandom random, Clock clock, AeadProvider aead) {
    private static final String SUFFIX = ".pb";

    /** Whether there is a vault; without one, {@code sender/} alone can still back up. */
    public boolean hasVault() {
        return files.exists(vaultFile());
    }

    /** Whether there is a sender. */
    public boolean hasSender() {
        return files.exists(identityFile());
    }

    /** Folder of everything that a backup needs; other packages keep their files beside those of this one. */
    public Path senderFolder() {
        return folder.resolve("sender");
    }

    /** Folder of what the key holder remembers of walks and verified snapshots. */
    public Path walksFolder() {
        return vaultFolder().resolve("walks");
    }

    Path vaultFolder() {
        return folder.resolve("vault");
    }

    Path vaultFile() {
        return vaultFolder().resolve("vault" + SUFFIX);
    }

    Path identityFile() {
        return senderFolder().resolve("identity" + SUFFIX);
    }

    Path keyringFile() {
        return senderFolder().resolve("keyring" + SUFFIX);
    }

    Path sitesFolder() {
        return senderFolder().resolve("sites");
    }

    Path datasetsFolder() {
        return senderFolder().resolve("datasets");
    }

    Path movedFolder() {
        return senderFolder().resolve("moved");
    }

    Path movedFile(String name) {
        return movedFolder().resolve(name + SUFFIX);
    }

    Path siteFile(String name) {
        return sitesFolder().resolve(name + SUFFIX);
    }

    Path datasetFile(String name) {
        return datasetsFolder().resolve(name + SUFFIX);
    }

    /** The name in {@code NAME.pb}, or an empty text for another file. */
    static String nameOf(String fileName) {
        return fileName.endsWith(SUFFIX) ? fileName.substring(0, fileName.length() - SUFFIX.length()) : "";
    }

    long nowSeconds() {
        return clock.wallMs() / 1000;
    }
}
