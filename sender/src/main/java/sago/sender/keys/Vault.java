package sago.sender.keys;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SiteId;
import sago.common.id.VaultId;
import sago.common.net.TlsIdentity;
import sago.common.protocol.ClientRole;
import sago.common.secret.SecretBytes;
import sago.common.sign.SigningKey;
import sago.common.sign.VerifyingKey;
import sago.common.trust.GrantPinTerms;
import sago.common.trust.GrantPins;
import sago.common.trust.HomeIdentity;
import sago.common.trust.Names;
import sago.common.trust.NodeIdentities;
import sago.common.trust.Orders;
import sago.common.trust.ResealTerms;
import sago.common.trust.RetireTerms;
import sago.common.trust.SiteGrants;
import sago.common.trust.SiteRequestTerms;
import sago.common.trust.SiteTerms;
import sago.sender.proto.DatasetSecrets;
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
    static final long ORDER_SECONDS = 7 * 24 * 3600;

    private final HomeContext context;
    private final VaultFiles files;
    private final SecretBytes root;
    private final KeySlot openedBy;
    private final SigningKey order;
    private final HomeIdentity home;
    private VaultFile file;
    private KeyringContent content;

    /** Takes ownership of the root key, unless it throws. */
    Vault(HomeContext context, OpenedSlot opened, VaultFile file, KeyringContent content) throws FaultException {
        this.context = context;
        this.files = new VaultFiles(context);
        this.root = opened.root();
        this.openedBy = opened.slot();
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
        return new VaultMaker(context, kit, passphrase, cost).create();
    }

    /**
     * Makes the vault of a keyring where home was lost: root key and secrets of the keyring, a kit slot and a passphrase slot, grant sequences
     * beyond all that the lost home may have used, and the next keyring. {@code vault.pb} comes first; what a crash keeps from the sender is written
     * by the next {@link #publish}. A sender of this home that survived goes on, otherwise there is a fresh one; senders with a name keep
     * their datasets. Borrows kit and passphrase (UTF-8).
     *
     * @param keyring the newest that was found
     * @throws FaultException USAGE if there is a vault already, or the sender of another one; as {@link OpenedKeyring#open} otherwise
     */
    public static Vault recover(HomeContext context, Kit kit, ByteString keyring, SecretBytes passphrase, SlotCost cost)
            throws IOException {
        return new VaultMaker(context, kit, passphrase, cost).recover(keyring);
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
        OpenedSlot opened = slots(context, vault).open(file.getSlotsList(), unlock);
        try {
            return new Vault(context, opened, file, files.open(file, opened.root()));
        } catch (IOException | RuntimeException e) {
            opened.root().close();
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

    /** The newest keyring, a SignedEnvelope. */
    ByteString keyring() {
        return file.getKeyring();
    }

    /** Whether this is the vault's root key. */
    boolean hasRoot(SecretBytes other) {
        return root.equals(other);
    }

    public List<VaultDataset> datasets() {
        return Contents.datasets(content);
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
     * that may hold the class. A dataset of that name and class that the vault has already is published again, whoever backs it up.
     *
     * @throws FaultException USAGE for a bad name, or if the name is taken by a dataset of another class
     */
    public DatasetId createDataset(String name, String dataClass) throws IOException {
        Names.requireName("dataset", name);
        Names.requireName("data class", dataClass);
        Optional<DatasetSecrets> known = Contents.dataset(content, name);
        if (known.isPresent()) {
            requireClass(known.get(), name, dataClass);
            publish();
            return DatasetId.of(known.get().getDataset().toByteArray());
        }
        DatasetId id = DatasetId.random(context.random());
        commit(withDataset(id, name, dataClass), issuer());
        return id;
    }

    private static void requireClass(DatasetSecrets known, String name, String dataClass) throws FaultException {
        if (!known.getDataClass().equals(dataClass)) {
            throw new FaultException(
                    Fault.USAGE, "dataset " + name + " has class " + known.getDataClass() + ": take another name");
        }
    }

    private KeyringContent withDataset(DatasetId id, String name, String dataClass) {
        DatasetSecrets secrets = Contents.newDataset(id, name, dataClass, context.random());
        return content.toBuilder().addDatasets(secrets).build();
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
        GrantIssuer issuer = issuer();
        SiteTerms terms = new SiteTerms(
                id(),
                request.site(),
                request.name(),
                request.jurisdiction(),
                classes,
                request.identityFingerprint(),
                home,
                Hash.of(file.getKitTlsSpki().toByteArray()),
                issuer.next(),
                context.nowSeconds());
        ByteString grant = SiteGrants.sign(order, terms);
        SiteRecord record = SiteRecords.of(request, address, classes, grant);
        KeyringContent.Builder next = content.toBuilder();
        if (index < 0) {
            next.addSites(record);
        } else {
            next.setSites(index, record);
        }
        commit(next.build(), issuer);
        return GrantPins.of(terms, grant);
    }

    /** The senders with a name, in the order in which they came. */
    public List<SenderInfo> senders() {
        return VaultSenders.list(content);
    }

    /**
     * Makes a sender with keys of its own and grants it a dataset, whoever had that before. Of a name that is known, all datasets are granted to
     * the fresh keys, which shuts the former ones out.
     *
     * @param newDatasetClass class of a dataset that is to be made; null for one that there is
     * @param replace a sender of this name may get fresh keys
     * @throws FaultException USAGE for a name that is known without {@code replace}, or where no site may hold the class; NOT_FOUND for a
     *     dataset that there is not
     */
    public NewSender addSender(String name, String dataset, @Nullable String newDatasetClass, boolean replace)
            throws IOException {
        publish();
        Names.requireName("dataset", dataset);
        Set<String> datasets = VaultSenders.datasetsOf(content, name, dataset, replace);
        KeyringContent before = content;
        boolean fresh =
                newDatasetClass != null && Contents.dataset(content, dataset).isEmpty();
        if (newDatasetClass != null && fresh) {
            Names.requireName("data class", newDatasetClass);
            before = withDataset(DatasetId.random(context.random()), dataset, newDatasetClass);
        }
        DatasetSecrets wanted = Contents.require(before, dataset);
        if (newDatasetClass != null) {
            requireClass(wanted, dataset, newDatasetClass);
        }
        GrantIssuer issuer = issuer();
        SenderIssue issue = SenderIssue.of(context, issuer, name, before, datasets);
        commit(issue.content(), issuer);
        return issue.finish(content, file.getKeyring(), fresh ? dataset : "");
    }

    /**
     * Gives the datasets of a sender back to home's own. The same again only names them.
     *
     * @return names of the datasets that came back; the former sender is refused by each site that was shown their new grants
     * @throws FaultException NOT_FOUND if there never was a sender of this name
     */
    public List<String> revokeSender(String name) throws IOException {
        commit(VaultSenders.revoked(content, name, context.nowSeconds()), issuer());
        return VaultSenders.cameBack(content, name);
    }

    /** What reads packs and manifests back from sites. */
    public ClientCredential restoreCredential() throws FaultException {
        return clientCredential(ClientRole.RESTORE);
    }

    /** What delivers orders to sites. */
    public ClientCredential adminCredential() throws FaultException {
        return clientCredential(ClientRole.ADMIN);
    }

    private ClientCredential clientCredential(ClientRole role) throws FaultException {
        TlsIdentity tls = Contents.restoreClient(Contents.withRenewedClient(content, context));
        return new ClientCredential(role, tls, issuer().client(role, tls.spki(), Set.of()));
    }

    /** Opens a session header. The caller closes the key; WRONG_KEY if the header is not of a dataset of this vault. */
    public SecretBytes openSession(ByteString header) throws FaultException {
        SessionScope scope = requireOurs(header);
        try (SecretBytes seed = VaultRotation.seed(content, scope)) {
            return SessionKeys.open(seed, header);
        }
    }

    /** The session key of a header sealed to the newest epoch of its dataset. PROTOCOL if it is of that already, WRONG_KEY if it is not ours. */
    public ByteString reseal(ByteString header) throws FaultException {
        requireOurs(header);
        return VaultRotation.reseal(content, header, context.random());
    }

    /**
     * Proves later that this vault made a header: its hash under a key of the vault. Nobody signs re-sealed headers, and whoever writes home's
     * catalog must not be able to have a wrong one delivered to a site.
     */
    public Hash headerProof(ByteString header) {
        return VaultRotation.headerProof(root, header);
    }

    private SessionScope requireOurs(ByteString header) throws FaultException {
        SessionScope scope = SessionKeys.scope(header);
        if (!scope.vault().equals(id())) {
            throw new FaultException(Fault.WRONG_KEY, "a session header is of another vault");
        }
        return scope;
    }

    /** The rotation of a dataset that is on its way; NOT_FOUND if there is no such dataset. */
    public Optional<RotationState> rotation(String dataset) throws FaultException {
        return VaultRotation.state(content, dataset);
    }

    /** Begins a new epoch of a dataset's key, granted to home's own sender, or goes on with the one on its way; the new epoch. */
    public int beginRotation(String dataset) throws IOException {
        commit(VaultRotation.begun(content, dataset, context.random()), issuer());
        return Contents.newestEpoch(Contents.require(content, dataset)).getEpoch();
    }

    /** Forgets every epoch of a dataset's key but the newest. Only when every site has retired the headers of the older ones. */
    public void endRotation(String dataset) throws IOException {
        commit(VaultRotation.ended(content, dataset), issuer());
    }

    /** An order to a site to store headers that {@link #reseal} made. Its sequence is taken for good. */
    public ByteString resealOrder(SiteId site, DatasetId dataset, List<ByteString> headers) throws IOException {
        long sequence = takeSequence();
        long now = context.nowSeconds();
        return Orders.sign(order, new ResealTerms(id(), site, dataset, sequence, now, now + ORDER_SECONDS, headers));
    }

    /** An order to a site to delete the headers of a dataset that are of an epoch below this one. Its sequence is taken for good. */
    public ByteString retireOrder(SiteId site, DatasetId dataset, int epochBelow) throws IOException {
        long sequence = takeSequence();
        long now = context.nowSeconds();
        return Orders.sign(order, new RetireTerms(id(), site, dataset, sequence, now, now + ORDER_SECONDS, epochBelow));
    }

    /** What ends snapshots. The caller closes it before the vault. */
    public ExpiryOrders expiry() {
        return new ExpiryOrders(context, id(), root, order, this::takeSequence);
    }

    private long takeSequence() throws IOException {
        long sequence = file.getGrantSequence() + 1;
        write(file.toBuilder().setGrantSequence(sequence), content);
        return sequence;
    }

    /** The key of a dataset's chunk ids. The caller closes it; NOT_FOUND if the vault has no such dataset. */
    public SecretBytes idKey(DatasetId dataset) throws FaultException {
        DatasetSecrets secrets = Contents.dataset(content, dataset)
                .orElseThrow(() -> new FaultException(Fault.NOT_FOUND, "this vault has no dataset " + dataset));
        return SecretBytes.of(secrets.getIdKey().toByteArray());
    }

    /** What opens this vault. */
    public List<SlotInfo> slots() throws FaultException {
        return VaultSlots.list(file);
    }

    /** Adds a passphrase (UTF-8, borrowed). USAGE for a label that is taken or no name, or where there are 8 slots. */
    public void addPassphrase(String label, SecretBytes utf8, SlotCost cost) throws IOException {
        VaultSlots.requireNew(file, label);
        KeySlot slot = slots(context, id()).forPassphrase(SlotName.of(label, context), utf8, cost, root);
        write(VaultSlots.with(file, slot), content);
    }

    /** Adds a key file (its whole content, borrowed). USAGE as {@link #addPassphrase}. */
    public void addKeyFile(String label, SecretBytes keyFile) throws IOException {
        VaultSlots.requireNew(file, label);
        write(
                VaultSlots.with(file, slots(context, id()).forKeyFile(SlotName.of(label, context), keyFile, root)),
                content);
    }

    /** Removes a passphrase or key file. NOT_FOUND for an unknown label, USAGE for the kit and for the last one besides it. */
    public void removeSlot(String label) throws IOException {
        write(VaultSlots.without(file, label), content);
    }

    /**
     * Replaces a passphrase.
     *
     * @param label of the one to replace; null: the one that opened the vault, or the only one
     * @param utf8 the new one, borrowed
     * @return the label
     * @throws FaultException USAGE if the label is left out and the vault was opened otherwise and has several, or none; NOT_FOUND if no
     *     passphrase has the label
     */
    public String changePassphrase(@Nullable String label, SecretBytes utf8, SlotCost cost) throws IOException {
        String name = VaultSlots.label(VaultSlots.passphrase(file, label, openedBy));
        KeySlot slot = slots(context, id()).forPassphrase(SlotName.of(name, context), utf8, cost, root);
        write(VaultSlots.replaced(file, slot), content);
        return name;
    }

    /** Brings {@code sender/} up to what the vault says; writes nothing where it is. */
    public void publish() throws IOException {
        commit(content, issuer());
    }

    /** Issues the next keyring, whatever has changed. */
    void issueAnew() throws IOException {
        commit(content, issuer(), true);
    }

    private void commit(KeyringContent wanted, GrantIssuer issuer) throws IOException {
        commit(wanted, issuer, false);
    }

    /** @param issuer has signed what is new in the content */
    private void commit(KeyringContent wanted, GrantIssuer issuer, boolean anew) throws IOException {
        SenderUpdate update = new SenderUpdate(context, issuer);
        SenderIdentity identity = update.identity();
        KeyringContent next = Contents.withRenewedClient(Contents.withSender(wanted, context, identity), context);
        update.plan(next, identity);
        VaultFile.Builder changed = file.toBuilder().setGrantSequence(update.sequence());
        if (anew || !next.equals(content)) {
            next = next.toBuilder().setGrantSequence(update.sequence()).build();
            KeyringSeals.issue(changed, next, order, root, context.random());
        }
        if (!changed.build().equals(file)) {
            write(changed, next);
        }
        update.write(file.getKeyring());
    }

    private void write(VaultFile.Builder changed, KeyringContent next) throws IOException {
        context.files().deleteDrafts(context.vaultFolder());
        file = files.write(changed, next, root);
        content = next;
    }

    private GrantIssuer issuer() {
        return new GrantIssuer(context, home, order, file.getGrantSequence());
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
