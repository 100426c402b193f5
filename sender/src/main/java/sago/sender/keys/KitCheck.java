package sago.sender.keys;

import java.io.IOException;
import sago.common.fault.FaultException;
import sago.common.trust.HomeIdentity;

/**
 * What was found out of a kit with the files of a home and without a passphrase.
 *
 * @param home the identity of home for which the kit made the anchor
 * @param opensVault it opens the vault here; otherwise there is only a sender here
 * @param keyringCounter of the newest keyring of this home, which the kit opens
 */
public record KitCheck(HomeIdentity home, boolean opensVault, long keyringCounter) {
    /**
     * Checks a kit against the vault, or without one against the sender's keyring.
     *
     * @throws FaultException WRONG_KEY or PEER_REFUSED if it is the kit of another vault, INTEGRITY if the vault or keyring is damaged,
     *     NO_VAULT where there is neither
     */
    public static KitCheck of(HomeContext context, Kit kit) throws IOException {
        if (!context.hasVault()) {
            return ofSender(context, kit);
        }
        try (Vault vault = Vault.open(context, new Unlock.RecoveryKit(kit));
                OpenedKeyring keyring = OpenedKeyring.open(vault.keyring(), kit)) {
            if (!vault.identity().bytes().equals(keyring.identity().bytes())
                    || keyring.counter() != vault.keyringCounter()
                    || !vault.hasRoot(keyring.root())) {
                throw RecordFiles.damaged(context.vaultFile(), "its keyring is not of its root key");
            }
            return new KitCheck(vault.identity(), true, keyring.counter());
        }
    }

    private static KitCheck ofSender(HomeContext context, Kit kit) throws IOException {
        try (SenderHome sender = SenderHome.open(context);
                OpenedKeyring keyring =
                        OpenedKeyring.open(sender.newestKeyring().envelope(), kit)) {
            return new KitCheck(sender.identity(), false, keyring.counter());
        }
    }
}
