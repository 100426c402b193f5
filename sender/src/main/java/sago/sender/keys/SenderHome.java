package sago.sender.keys;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.VaultId;
import sago.common.net.TlsIdentity;
import sago.common.protocol.ClientRole;
import sago.common.secret.SecretBytes;
import sago.common.sign.SigningKey;
import sago.common.trust.DatasetTerms;
import sago.common.trust.HomeIdentity;
import sago.common.trust.KeyringTerms;
import sago.common.trust.Keyrings;
import sago.common.trust.Names;
import sago.common.trust.NodeIdentities;
import sago.sender.proto.DatasetRecord;
import sago.sender.proto.MovedRecord;
import sago.sender.proto.SenderIdentity;
import sago.sender.proto.SiteRecord;

/**
 * The folder {@code sender/}: all that a backup needs, and nothing that opens data. It never touches {@code vault/}, so it works without a
 * passphrase and on a host that has no vault. Everything signed is verified under the order key that the identity pins before any
 * source is read. Closing zeroes the keys that it handed out. Confined to one thread; what it returns is immutable.
 */
public final class SenderHome implements AutoCloseable {
    private final HomeContext context;
    private final RecordFiles records;
    private final HomeIdentity home;
    private final SigningKey signingKey;
    private final TlsIdentity tls;
    private final SenderIdentity identity;
    private final List<SecretBytes> handedOut = new ArrayList<>();

    private SenderHome(HomeContext context, SenderIdentity identity, HomeIdentity home) throws FaultException {
        this.context = context;
        this.records = new RecordFiles(context.files());
        this.home = home;
        this.tls = SenderIdentities.tls(identity);
        this.signingKey = SenderIdentities.signingKey(identity, context.identityFile());
        this.identity = identity;
    }

    /** NO_VAULT if there is no sender here, INTEGRITY if its identity is damaged. */
    public static SenderHome open(HomeContext context) throws IOException {
        SenderIdentity identity = SenderIdentities.read(context)
                .orElseThrow(() -> new FaultException(
                        Fault.NO_VAULT,
                        "no home at " + context.folder() + ": run `sago init --home " + context.folder() + "`"));
        SenderIdentity fresh = SenderIdentities.renewed(context, identity).orElse(identity);
        return new SenderHome(context, fresh, NodeIdentities.readHome(identity.getHomeIdentity()));
    }

    /** Whether there is a sender whose certificate should be issued anew; until {@link #renew} keeps one, every {@link #open} makes one. */
    public static boolean endsSoon(HomeContext context) throws IOException {
        Optional<SenderIdentity> identity = SenderIdentities.read(context);
        return identity.isPresent() && SenderIdentities.tls(identity.get()).endsSoon(context.clock());
    }

    /** Keeps a new certificate of the sender, where the old one ends soon. The caller holds the lock of the home. */
    public static void renew(HomeContext context) throws IOException {
        Optional<SenderIdentity> identity = SenderIdentities.read(context);
        if (identity.isEmpty()) {
            return;
        }
        Optional<SenderIdentity> fresh = SenderIdentities.renewed(context, identity.get());
        if (fresh.isPresent()) {
            context.files().deleteDrafts(context.senderFolder());
            new RecordFiles(context.files())
                    .write(
                            context.identityFile(),
                            RecordKind.IDENTITY,
                            fresh.get().toByteString());
        }
    }

    /** Name of this sender; empty for home's own. */
    public String name() {
        return identity.getName();
    }

    public VaultId vault() {
        return home.vault();
    }

    /** Public identity of home; pins the order key. */
    public HomeIdentity identity() {
        return home;
    }

    /** Key of role sender. Lives as long as this home. */
    public SigningKey signingKey() {
        return signingKey;
    }

    /** Names of datasets, sorted. */
    public List<String> datasetNames() throws IOException {
        return names(context.datasetsFolder());
    }

    /** Names of sites, sorted. */
    public List<String> siteNames() throws IOException {
        return names(context.sitesFolder());
    }

    /** A dataset: NOT_FOUND if there is none of this name; PEER_REFUSED or INTEGRITY if its grant is not home's or not for this sender. */
    public DatasetKeys dataset(String name) throws IOException {
        Path path = context.datasetFile(Names.requireName("dataset", name));
        DatasetRecord record = records.read(path, RecordKind.DATASET, DatasetRecord.parser())
                .orElseThrow(() -> unknown("dataset", name, "`sago backup --dataset " + name + "` makes it"));
        if (!record.getName().equals(name)) {
            throw RecordFiles.damaged(path, "it is the record of another dataset");
        }
        Grantee own = new Grantee(signingKey.verifyingKey(), tls.spki());
        DatasetTerms grant = DatasetRecords.verify(record, home, own, context);
        return new DatasetKeys(
                name,
                grant,
                record.getGrant(),
                keep(record.getIdKey()),
                keep(record.getGearKey()),
                DatasetRecords.signers(record, signingKey.verifyingKey()));
    }

    /** The sender that a dataset of this vault was given to, if it is not this one. */
    public Optional<String> movedTo(String name) throws IOException {
        return records.read(context.movedFile(name), RecordKind.MOVED, MovedRecord.parser())
                .map(MovedRecord::getSender);
    }

    /** Datasets that other senders have, as the vault noted them here, by name. A damaged note is left out: the next change of the vault writes it anew. */
    public List<MovedDataset> moved() throws IOException {
        List<MovedDataset> moved = new ArrayList<>();
        for (String name : names(context.movedFolder())) {
            try {
                records.read(context.movedFile(name), RecordKind.MOVED, MovedRecord.parser())
                        .filter(record -> record.getDataset().size() == DatasetId.BYTES)
                        .map(record -> new MovedDataset(
                                name,
                                record.getSender(),
                                DatasetId.of(record.getDataset().toByteArray())))
                        .ifPresent(moved::add);
            } catch (FaultException e) {
                if (e.fault() != Fault.INTEGRITY) {
                    throw e;
                }
            }
        }
        return moved;
    }

    /** All datasets, by name. */
    public List<DatasetKeys> datasets() throws IOException {
        List<DatasetKeys> datasets = new ArrayList<>();
        for (String name : datasetNames()) {
            datasets.add(dataset(name));
        }
        return datasets;
    }

    /** A site: NOT_FOUND if there is none of this name; PEER_REFUSED or INTEGRITY if its grant is not home's or does not match. */
    public SiteEndpoint site(String name) throws IOException {
        Path path = context.siteFile(Names.requireName("site", name));
        SiteRecord record = records.read(path, RecordKind.SITE, SiteRecord.parser())
                .orElseThrow(() -> unknown("site", name, "`sago site add` enrols one"));
        SiteEndpoint site = SiteRecords.endpoint(record, home, newestKeyring());
        if (!site.name().equals(name)) {
            throw RecordFiles.damaged(path, "it is the record of site " + site.name());
        }
        return site;
    }

    /** All sites, by name. */
    public List<SiteEndpoint> sites() throws IOException {
        List<SiteEndpoint> sites = new ArrayList<>();
        for (String name : siteNames()) {
            sites.add(site(name));
        }
        return sites;
    }

    /** What opens sessions of a dataset at sites. */
    public ClientCredential appendCredential(DatasetKeys dataset) {
        return new ClientCredential(ClientRole.APPEND, tls, dataset.grantEnvelope());
    }

    /** What lists manifests and asks sites to hash their packs again. */
    public ClientCredential auditCredential() throws FaultException {
        SenderIdentities.auditTerms(identity, home, context);
        return new ClientCredential(ClientRole.AUDIT, tls, identity.getAuditGrant());
    }

    /** The newest keyring of the vault, which sites that have an older one are given. */
    public StoredKeyring newestKeyring() throws IOException {
        Path path = context.keyringFile();
        ByteString envelope =
                records.read(path, RecordKind.KEYRING).orElseThrow(() -> RecordFiles.damaged(path, "it is missing"));
        KeyringTerms terms = Keyrings.verify(envelope, home);
        return new StoredKeyring(envelope, terms.counter());
    }

    private List<String> names(Path folder) throws IOException {
        if (!context.files().exists(folder)) {
            return List.of();
        }
        return context.files().list(folder).stream()
                .map(HomeContext::nameOf)
                .filter(Names::isName)
                .toList();
    }

    private SecretBytes keep(ByteString bytes) {
        SecretBytes secret = SecretBytes.of(bytes.toByteArray());
        handedOut.add(secret);
        return secret;
    }

    private static FaultException unknown(String what, String name, String advice) {
        return new FaultException(Fault.NOT_FOUND, "no " + what + " is named " + name + ": " + advice);
    }

    @Override
    public void close() {
        handedOut.forEach(SecretBytes::close);
        signingKey.close();
    }
}
