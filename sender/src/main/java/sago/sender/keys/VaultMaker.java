package sago.sender.keys;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import sago.common.durable.FileAccess;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.id.VaultId;
import sago.common.secret.SecretBytes;
import sago.common.sign.SigningKey;
import sago.common.trust.HomeIdentity;
import sago.common.trust.KeyringTerms;
import sago.common.trust.Keyrings;
import sago.common.trust.NodeIdentities;
import sago.sender.proto.KeySlot;
import sago.sender.proto.KeyringContent;
import sago.sender.proto.SenderIdentity;
import sago.sender.proto.VaultFile;
import sago.sender.seal.KemKeyPair;

/** Makes vaults: a new one, or that of a keyring after home was lost. One thread. */
final class VaultMaker {
    private static final int FIRST_KIT = 1;

    /** What a lost home may have granted, besides what its last keyring says: sequences that sites saw are never taken again. */
    private static final long SEQUENCES_SKIPPED = 1L << 20;

    private final HomeContext context;
    private final Kit kit;
    private final SecretBytes passphrase;
    private final SlotCost cost;

    /** Borrows kit and passphrase. */
    VaultMaker(HomeContext context, Kit kit, SecretBytes passphrase, SlotCost cost) {
        this.context = context;
        this.kit = kit;
        this.passphrase = passphrase;
        this.cost = cost;
    }

    /** Sender first, {@code vault.pb} last: until it is there, there is no vault. */
    Vault create() throws IOException {
        requireEmpty();
        SecretBytes root = SecretBytes.random(Contents.KEY_BYTES, context.random());
        try (SigningKey order = SigningKey.generate(context.random())) {
            HomeIdentity home = NodeIdentities.ofHome(VaultId.random(context.random()), order.verifyingKey());
            VaultFile.Builder file = newFile(home, FIRST_KIT, root);
            context.files().delete(context.identityFile());
            SenderUpdate update = new SenderUpdate(context, new GrantIssuer(context, home, order, 0));
            SenderIdentity identity = update.identity();
            KeyringContent content = Contents.withSender(Contents.first(context, order), context, identity);
            update.plan(content, identity);
            content = content.toBuilder().setGrantSequence(update.sequence()).build();
            KeyringSeals.issue(file, content, order, root, context.random());
            update.write(file.getKeyring());
            file.setGrantSequence(update.sequence());
            makeFolder();
            VaultFile written = new VaultFiles(context).write(file, content, root);
            return new Vault(context, new OpenedSlot(root, passphraseSlot(written)), written, content);
        } catch (IOException | RuntimeException e) {
            root.close();
            throw e;
        }
    }

    /** {@code vault.pb} first, as every change of a vault: what a crash keeps from the sender is written by the next publishing. */
    Vault recover(ByteString keyring) throws IOException {
        try (OpenedKeyring opened = OpenedKeyring.open(keyring, kit)) {
            requireHomeOf(opened.identity());
            KeyringTerms terms = opened.terms();
            VaultFile file = newFile(terms.home(), terms.kitVersion(), opened.root())
                    .setKeyring(keyring)
                    .setKeyringCounter(terms.counter())
                    .setKeyringSha256(bytes(Keyrings.hash(keyring)))
                    .setGrantSequence(opened.content().getGrantSequence() + SEQUENCES_SKIPPED)
                    .build();
            makeFolder();
            SecretBytes root = SecretBytes.of(opened.root().reveal().clone());
            Vault vault = new Vault(context, new OpenedSlot(root, passphraseSlot(file)), file, opened.content());
            vault.issueAnew();
            return vault;
        }
    }

    private VaultFile.Builder newFile(HomeIdentity home, int kitVersion, SecretBytes root) throws FaultException {
        Slots slots = new Slots(home.vault(), new Wrapping(context.aead()), context.random());
        try (KemKeyPair pair = kit.keyPair()) {
            return VaultFile.newBuilder()
                    .setFormat(1)
                    .setVault(ByteString.copyFrom(home.vault().toBytes()))
                    .setKitVersion(kitVersion)
                    .setHomeIdentity(home.bytes())
                    .setKitPublicKey(pair.publicKey())
                    .setKitTlsSpki(bytes(
                            kit.tlsIdentity(context.random(), context.clock()).spki()))
                    .setAnchor(bytes(kit.anchor(home.vault(), kitVersion, home)))
                    .addSlots(slots.forKit(SlotName.of(SlotName.KIT, context), pair.publicKey(), root))
                    .addSlots(slots.forPassphrase(SlotName.of(SlotName.PASSPHRASE, context), passphrase, cost, root));
        }
    }

    private static KeySlot passphraseSlot(VaultFile file) {
        return file.getSlots(1);
    }

    private void makeFolder() throws IOException {
        context.files().createFolders(context.vaultFolder(), FileAccess.PRIVATE);
        context.files().deleteDrafts(context.vaultFolder());
    }

    private void requireEmpty() throws IOException {
        requireNoVault();
        for (Path folder : List.of(context.sitesFolder(), context.datasetsFolder())) {
            if (context.files().exists(folder) && !context.files().list(folder).isEmpty()) {
                throw new FaultException(
                        Fault.USAGE,
                        context.folder()
                                + " is the sender of a vault that is elsewhere: choose another folder with --home");
            }
        }
    }

    /** A sender of this home itself may have survived; it goes on. */
    private void requireHomeOf(HomeIdentity home) throws IOException {
        Optional<SenderIdentity> survivor = SenderIdentities.read(context);
        if (survivor.isEmpty()) {
            requireEmpty();
            return;
        }
        requireNoVault();
        if (!survivor.get().getHomeIdentity().equals(home.bytes())
                || !survivor.get().getName().isEmpty()) {
            throw new FaultException(
                    Fault.USAGE,
                    context.senderFolder() + " is another sender: recover into another folder with --home");
        }
    }

    private void requireNoVault() throws FaultException {
        if (context.hasVault()) {
            throw new FaultException(
                    Fault.USAGE, context.folder() + " has a vault already: choose another folder with --home");
        }
    }

    private static ByteString bytes(Hash hash) {
        return ByteString.copyFrom(hash.toBytes());
    }
}
