package sago.sender.keys;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sago.common.durable.FileAccess;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.VaultId;
import sago.common.net.TlsIdentity;
import sago.common.protocol.ClientRole;
import sago.common.secret.SecretBytes;
import sago.common.sign.SigningKey;
import sago.common.sign.VerifyingKey;
import sago.common.trust.ClientGrants;
import sago.common.trust.ClientTerms;
import sago.common.trust.GrantPinTerms;
import sago.common.trust.GrantPins;
import sago.common.trust.HomeIdentity;
import sago.common.trust.Names;
import sago.common.trust.NodeIdentities;
import sago.common.trust.SiteGrants;
import sago.common.trust.SiteRequestTerms;
import sago.common.trust.SiteTerms;
import sago.sender.proto.DatasetSecrets;
import sago.sender.proto.EpochSecret;
import sago.sender.proto.KeySlot;
import sago.sender.proto.KeyringContent;
import sago.sender.proto.SenderIdentity;
import sago.sender.proto.SiteRecord;
import sago.sender.proto.VaultFile;
import sago.sender.seal.KemKeyPair;
import sago.sender.seal.SessionKeys;
import sago.sender.seal.SessionScope;

/**
 * An opened vault: the root key, and with it every key of home. It issues grants and keyrings, and opens session headers.
 *
 * <p>Order of writes, so that a crash at any point leaves a usable home. Creating writes the sender's files first and {@code vault.pb}
 * last: until it is there, there is no vault, and creating may start over. Every later change writes {@code vault.pb} first, in one atomic
 * step that holds the secrets, the new keyring and the highest grant sequence, then brings {@code sender/} up to it. What a crash kept from
 * {@code sender/} is written by the next {@link #publish}, which every change begins and ends with; until then the sender works with what it had.
 * A grant sequence or keyring counter is never used twice, because it is in {@code vault.pb} before anybody else can see it.
 *
 * <p>Confined to one thread; whoever changes something holds the lock of the home. Closing zeroes the root key and the order key.
 */
public final class Vault implements AutoCloseable {
    private static final int FIRST_KIT = 1;

    private final HomeContext context;
    private final VaultFiles files;
    private final SecretBytes root;
    private final SigningKey order;
    private final HomeIdentity home;
    private VaultFile file;
    private KeyringContent content;

    private Vault(HomeContext context, SecretBytes root, VaultFile file, KeyringContent content) throws FaultException {
        this.context = context;
        this.files = new VaultFiles(context);
        this.root = root;
        this.file = file;
        this.content = content;
        this.home = NodeIdentities.readHome(file.getHomeIdentity());
        this.order = Contents.orderKey(content);
        if (!order.verifyingKey().equals(home.order())
                || !ByteString.copyFrom(home.vault().toBytes()).equals(file.getVault())) {
            throw RecordFiles.damaged(context.vaultFile(), "its order key is not that of its identity");
        }
    }

    /**
     * Makes a vault with a kit that its keeper has seen, and a sender beside it. Borrows kit and passphrase (UTF-8).
     *
     * @throws FaultException USAGE if there is a vault already, or a sender that has datasets or sites of another one
     */
    public static Vault create(HomeContext context, Kit kit, SecretBytes passphrase, SlotCost cost) throws IOException {
        requireEmpty(context);
        SecretBytes root = SecretBytes.random(Contents.KEY_BYTES, context.random());
        try (SigningKey order = SigningKey.generate(context.random())) {
            HomeIdentity home = NodeIdentities.ofHome(VaultId.random(context.random()), order.verifyingKey());
            VaultFile.Builder file = newFile(context, kit, home);
            Slots slots = slots(context, home.vault());
            file.addSlots(slots.forKit(file.getKitPublicKey(), root))
                    .addSlots(slots.forPassphrase(passphrase, cost, root));
            context.files().delete(context.identityFile());
            SenderUpdate update = new SenderUpdate(context, home, order, 0);
            SenderIdentity identity = update.identity();
            KeyringContent content = Contents.withSender(Contents.first(context, order), context, identity);
            KeyringSeals.issue(file, content, order, root, context.random());
            update.plan(content, identity, file.getKeyring());
            update.write();
            file.setGrantSequence(update.sequence());
            context.files().createFolders(context.vaultFolder(), FileAccess.PRIVATE);
            context.files().deleteDrafts(context.vaultFolder());
            return new Vault(context, root, new VaultFiles(context).write(file, content, root), content);
        } catch (IOException | RuntimeException e) {
            root.close();
            throw e;
        }
    }

    private static VaultFile.Builder newFile(HomeContext context, Kit kit, HomeIdentity home) {
        try (KemKeyPair pair = kit.keyPair()) {
            return VaultFile.newBuilder()
                    .setFormat(1)
                    .setVault(ByteString.copyFrom(home.vault().toBytes()))
                    .setKitVersion(FIRST_KIT)
                    .setHomeIdentity(home.bytes())
                    .setKitPublicKey(pair.publicKey())
                    .setKitTlsSpki(bytes(
                            kit.tlsIdentity(context.random(), context.clock()).spki()))
                    .setAnchor(bytes(kit.anchor(home.vault(), FIRST_KIT, home)));
        }
    }

    /**
     * Opens the vault.
     *
     * @throws FaultException NO_VAULT if there is none, WRONG_KEY if this does not open it, INTEGRITY if it is damaged
     */
    public static Vault open(HomeContext context, Unlock unlock) throws IOException {
        VaultFiles files = new VaultFiles(context);
        VaultFile file = files.read();
        VaultId vault = VaultId.of(file.getVault().toByteArray());
        if (unlock instanceof Unlock.RecoveryKit kit) {
            requireKit(file, kit.kit());
        }
        SecretBytes root = slots(context, vault).open(file.getSlotsList(), unlock);
        try {
            return new Vault(context, root, file, files.open(file, root));
        } catch (IOException | RuntimeException e) {
            root.close();
            throw e;
        }
    }

    /** Whether the kit of these words is the one that this home's vault was made with; needs no passphrase. */
    public static void requireKit(HomeContext context, Kit kit) throws IOException {
        requireKit(new VaultFiles(context).read(), kit);
    }

    public VaultId id() {
        return home.vault();
    }

    /** Public identity of home. */
    public HomeIdentity identity() {
        return home;
    }

    /** Counter of the newest keyring. */
    public long keyringCounter() {
        return file.getKeyringCounter();
    }

    public List<VaultDataset> datasets() {
        List<VaultDataset> datasets = new ArrayList<>();
        for (DatasetSecrets dataset : content.getDatasetsList()) {
            datasets.add(new VaultDataset(
                    dataset.getName(), DatasetId.of(dataset.getDataset().toByteArray()), dataset.getDataClass()));
        }
        return datasets;
    }

    /** The vault's sites, verified; for restoring where {@code sender/} is gone. */
    public List<SiteEndpoint> sites() throws FaultException {
        StoredKeyring keyring = new StoredKeyring(file.getKeyring(), file.getKeyringCounter());
        List<SiteEndpoint> sites = new ArrayList<>();
        for (SiteRecord record : content.getSitesList()) {
            sites.add(SiteRecords.endpoint(record, home, keyring));
        }
        return sites;
    }

    /** Keys of every sender that this vault granted a dataset to: manifests are signed by one of them. */
    public List<VerifyingKey> senderKeys() throws FaultException {
        return Contents.senderKeys(content);
    }

    /**
     * Makes a dataset of a class, with a key pair of epoch 1, id key and gear key, and grants it to this home's sender at every site
     * that may hold the class. A dataset of that name and class that the vault has already is published again.
     *
     * @throws FaultException USAGE for a bad name, or if the name is taken by a dataset of another class
     */
    public DatasetId createDataset(String name, String dataClass) throws IOException {
        Names.requireName("dataset", name);
        Names.requireName("data class", dataClass);
        Optional<DatasetSecrets> known = Contents.dataset(content, name);
        if (known.isPresent()) {
            if (!known.get().getDataClass().equals(dataClass)) {
                throw new FaultException(
                        Fault.USAGE,
                        "dataset " + name + " exists with class " + known.get().getDataClass() + ": take another name");
            }
            publish();
            return DatasetId.of(known.get().getDataset().toByteArray());
        }
        DatasetId id = DatasetId.random(context.random());
        DatasetSecrets secrets = Contents.newDataset(id, name, dataClass, context.random());
        commit(content.toBuilder().addDatasets(secrets).build(), file.getGrantSequence());
        return id;
    }

    /**
     * Makes a site a member, or changes address and classes of one that is, and grants it every dataset of these classes.
     *
     * @return what the site must be told: the same again if nothing changed
     * @throws FaultException USAGE if another site has that name, or this site another name
     */
    public GrantPinTerms addSite(SiteRequestTerms request, SiteAddress address, List<String> classes)
            throws IOException {
        for (String dataClass : classes) {
            Names.requireName("data class", dataClass);
        }
        int index = Contents.indexOf(content, request);
        if (index >= 0) {
            SiteRecord known = content.getSites(index);
            if (known.equals(SiteRecords.of(request, address, classes, known.getSiteGrant()))) {
                publish();
                return GrantPins.of(SiteGrants.verify(known.getSiteGrant(), home), known.getSiteGrant());
            }
        }
        long sequence = file.getGrantSequence() + 1;
        SiteTerms terms = new SiteTerms(
                id(),
                request.site(),
                request.name(),
                request.jurisdiction(),
                classes,
                request.identityFingerprint(),
                home,
                Hash.of(file.getKitTlsSpki().toByteArray()),
                sequence,
                context.nowSeconds());
        ByteString grant = SiteGrants.sign(order, terms);
        SiteRecord record = SiteRecords.of(request, address, classes, grant);
        KeyringContent.Builder next = content.toBuilder();
        if (index < 0) {
            next.addSites(record);
        } else {
            next.setSites(index, record);
        }
        commit(next.build(), sequence);
        return GrantPins.of(terms, grant);
    }

    /** What reads packs and manifests back from sites. */
    public ClientCredential restoreCredential() throws FaultException {
        TlsIdentity tls = Contents.restoreClient(content);
        ClientTerms terms = new ClientTerms(
                id(),
                tls.spki(),
                Set.of(ClientRole.RESTORE.wireId()),
                file.getGrantSequence(),
                context.nowSeconds(),
                0,
                Set.of());
        return new ClientCredential(ClientRole.RESTORE, tls, ClientGrants.sign(order, terms));
    }

    /** Opens a session header. The caller closes the key; WRONG_KEY if the header is not of a dataset of this vault. */
    public SecretBytes openSession(ByteString header) throws FaultException {
        SessionScope scope = SessionKeys.scope(header);
        Optional<EpochSecret> epoch = Contents.dataset(content, scope.dataset()).stream()
                .flatMap(dataset -> dataset.getEpochsList().stream())
                .filter(secret -> secret.getEpoch() == scope.keyEpoch())
                .findFirst();
        if (epoch.isEmpty() || !scope.vault().equals(id())) {
            throw new FaultException(
                    Fault.WRONG_KEY, "this vault has no key for a session of dataset " + scope.dataset());
        }
        try (SecretBytes seed = SecretBytes.of(epoch.get().getSeed().toByteArray())) {
            return SessionKeys.open(seed, header);
        }
    }

    /** The key of a dataset's chunk ids. The caller closes it; NOT_FOUND if the vault has no such dataset. */
    public SecretBytes idKey(DatasetId dataset) throws FaultException {
        DatasetSecrets secrets = Contents.dataset(content, dataset)
                .orElseThrow(() -> new FaultException(Fault.NOT_FOUND, "this vault has no dataset " + dataset));
        return SecretBytes.of(secrets.getIdKey().toByteArray());
    }

    /** Replaces the passphrase (UTF-8, borrowed). */
    public void setPassphrase(SecretBytes utf8, SlotCost cost) throws IOException {
        replaceSlot(slots(context, id()).forPassphrase(utf8, cost, root));
    }

    /** Adds or replaces the key file (its whole content, borrowed). */
    public void setKeyFile(SecretBytes keyFile) throws IOException {
        replaceSlot(slots(context, id()).forKeyFile(keyFile, root));
    }

    private void replaceSlot(KeySlot slot) throws IOException {
        VaultFile.Builder next = file.toBuilder().clearSlots();
        file.getSlotsList().stream()
                .filter(other -> other.getKind() != slot.getKind())
                .forEach(next::addSlots);
        context.files().deleteDrafts(context.vaultFolder());
        file = files.write(next.addSlots(slot), content, root);
    }

    /** Brings {@code sender/} up to what the vault says; writes nothing where it is. */
    public void publish() throws IOException {
        commit(content, file.getGrantSequence());
    }

    /** @param sequence last grant sequence that the new content uses */
    private void commit(KeyringContent wanted, long sequence) throws IOException {
        SenderUpdate update = new SenderUpdate(context, home, order, sequence);
        SenderIdentity identity = update.identity();
        KeyringContent next = Contents.withSender(wanted, context, identity);
        VaultFile.Builder changed = file.toBuilder();
        if (!next.equals(content)) {
            KeyringSeals.issue(changed, next, order, root, context.random());
        }
        update.plan(next, identity, changed.getKeyring());
        changed.setGrantSequence(update.sequence());
        if (!changed.build().equals(file)) {
            context.files().deleteDrafts(context.vaultFolder());
            file = files.write(changed, next, root);
            content = next;
        }
        update.write();
    }

    private static void requireEmpty(HomeContext context) throws IOException {
        if (context.hasVault()) {
            throw new FaultException(
                    Fault.USAGE, context.folder() + " has a vault already: choose another folder with --home");
        }
        for (Path folder : List.of(context.sitesFolder(), context.datasetsFolder())) {
            if (context.files().exists(folder) && !context.files().list(folder).isEmpty()) {
                throw new FaultException(
                        Fault.USAGE,
                        context.folder()
                                + " is the sender of a vault that is elsewhere: choose another folder with --home");
            }
        }
    }

    private static void requireKit(VaultFile file, Kit kit) throws FaultException {
        try (KemKeyPair pair = kit.keyPair()) {
            if (!pair.publicKey().equals(file.getKitPublicKey())) {
                throw new FaultException(Fault.WRONG_KEY, "this is a sound kit, but not the one of this vault");
            }
        }
        HomeIdentity home = NodeIdentities.readHome(file.getHomeIdentity());
        Hash anchor = Hash.of(file.getAnchor().toByteArray());
        if (!kit.made(anchor, home.vault(), file.getKitVersion(), home)) {
            throw new FaultException(
                    Fault.INTEGRITY,
                    "the vault's anchor is not this kit's: its identity was changed. Put back a copy of vault.pb");
        }
    }

    private static Slots slots(HomeContext context, VaultId vault) {
        return new Slots(vault, new Wrapping(context.aead()), context.random());
    }

    private static ByteString bytes(Hash hash) {
        return ByteString.copyFrom(hash.toBytes());
    }

    @Override
    public void close() {
        root.close();
        order.close();
    }

    @Override
    public String toString() {
        return "Vault[" + id() + "]";
    }
}
