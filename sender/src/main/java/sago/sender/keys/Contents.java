package sago.sender.keys;

import com.google.protobuf.ByteString;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.net.TlsIdentity;
import sago.common.secret.SecretBytes;
import sago.common.sign.Fingerprint;
import sago.common.sign.SigningKey;
import sago.common.sign.VerifyingKey;
import sago.common.trust.SiteRequestTerms;
import sago.sender.proto.DatasetSecrets;
import sago.sender.proto.EpochSecret;
import sago.sender.proto.KeyringContent;
import sago.sender.proto.SenderEntry;
import sago.sender.proto.SenderIdentity;
import sago.sender.proto.SiteRecord;

/** Building and reading the secrets of a vault. They are immutable messages: a change is a new content. Stateless; any thread. */
final class Contents {
    static final int KEY_BYTES = 32;

    private Contents() {}

    /** The content of a new vault: its order key and the TLS key of its restore client. */
    static KeyringContent first(HomeContext context, SigningKey order) {
        TlsIdentity client = TlsIdentity.generate("sago restore", context.random(), context.clock());
        return KeyringContent.newBuilder()
                .setFormat(1)
                .setOrderEd25519(ByteString.copyFrom(order.ed25519Seed().reveal()))
                .setOrderMlDsa65(ByteString.copyFrom(order.mlDsa65Seed().reveal()))
                .setClientTlsKey(ByteString.copyFrom(client.pkcs8()))
                .setClientTlsCertificate(ByteString.copyFrom(client.certificateDer()))
                .build();
    }

    /** The key of role order. The caller closes it. */
    static SigningKey orderKey(KeyringContent content) throws FaultException {
        if (content.getOrderEd25519().size() != SigningKey.SEED_BYTES
                || content.getOrderMlDsa65().size() != SigningKey.SEED_BYTES) {
            throw new FaultException(
                    Fault.INTEGRITY, "the vault holds no sound order key. Put back a copy of vault.pb");
        }
        return SigningKey.ofSeeds(
                SecretBytes.of(content.getOrderEd25519().toByteArray()),
                SecretBytes.of(content.getOrderMlDsa65().toByteArray()));
    }

    /** The TLS identity of the restore client. */
    static TlsIdentity restoreClient(KeyringContent content) throws FaultException {
        return TlsIdentity.of(
                content.getClientTlsKey().toByteArray(),
                content.getClientTlsCertificate().toByteArray());
    }

    /** The content with a new certificate of the restore client, if the one that it has ends soon. */
    static KeyringContent withRenewedClient(KeyringContent content, HomeContext context) throws FaultException {
        TlsIdentity client = restoreClient(content);
        if (!client.endsSoon(context.clock())) {
            return content;
        }
        byte[] certificate = client.renewed(context.random(), context.clock()).certificateDer();
        return content.toBuilder()
                .setClientTlsCertificate(ByteString.copyFrom(certificate))
                .build();
    }

    /** Keys of every sender that was granted a dataset. */
    static List<VerifyingKey> senderKeys(KeyringContent content) throws FaultException {
        List<VerifyingKey> keys = new ArrayList<>();
        for (SenderEntry sender : content.getSendersList()) {
            keys.add(DatasetRecords.key(sender.getKey()));
        }
        return keys;
    }

    /** The content with this sender's key among the senders. */
    static KeyringContent withSender(KeyringContent content, HomeContext context, SenderIdentity identity)
            throws FaultException {
        try (SigningKey sender = SenderIdentities.signingKey(identity, context.identityFile())) {
            ByteString key = sender.verifyingKey().toProto().toByteString();
            boolean known = content.getSendersList().stream()
                    .anyMatch(entry -> entry.getKey().equals(key));
            SenderEntry own = SenderEntry.newBuilder()
                    .setName(identity.getName())
                    .setKey(key)
                    .setTlsSpki(ByteString.copyFrom(
                            SenderIdentities.tls(identity).spki().toBytes()))
                    .setSince(context.nowSeconds())
                    .build();
            return known ? content : content.toBuilder().addSenders(own).build();
        }
    }

    /** The epoch that new sessions are sealed to. */
    static EpochSecret newestEpoch(DatasetSecrets dataset) {
        return dataset.getEpochs(dataset.getEpochsCount() - 1);
    }

    /** Datasets as they are listed. */
    static List<VaultDataset> datasets(KeyringContent content) {
        return content.getDatasetsList().stream().map(Contents::listed).toList();
    }

    static VaultDataset listed(DatasetSecrets dataset) {
        return new VaultDataset(
                dataset.getName(),
                DatasetId.of(dataset.getDataset().toByteArray()),
                dataset.getDataClass(),
                dataset.getSender());
    }

    /** The dataset of a name; NOT_FOUND if there is none. */
    static DatasetSecrets require(KeyringContent content, String name) throws FaultException {
        return dataset(content, name)
                .orElseThrow(() -> new FaultException(Fault.NOT_FOUND, "this vault has no dataset named " + name));
    }

    /** The content with this in place of the dataset of the same id. */
    static KeyringContent with(KeyringContent content, DatasetSecrets changed) {
        KeyringContent.Builder next = content.toBuilder();
        for (int i = 0; i < content.getDatasetsCount(); i++) {
            if (content.getDatasets(i).getDataset().equals(changed.getDataset())) {
                next.setDatasets(i, changed);
            }
        }
        return next.build();
    }

    /** The secrets of a new dataset, with a key pair of epoch 1. */
    static DatasetSecrets newDataset(DatasetId id, String name, String dataClass, SecureRandom random) {
        return DatasetSecrets.newBuilder()
                .setDataset(ByteString.copyFrom(id.toBytes()))
                .setName(name)
                .setDataClass(dataClass)
                .addEpochs(EpochSecret.newBuilder().setEpoch(1).setSeed(randomKey(random)))
                .setIdKey(randomKey(random))
                .setGearKey(randomKey(random))
                .build();
    }

    static Optional<DatasetSecrets> dataset(KeyringContent content, String name) {
        return content.getDatasetsList().stream()
                .filter(dataset -> dataset.getName().equals(name))
                .findFirst();
    }

    static Optional<DatasetSecrets> dataset(KeyringContent content, DatasetId id) {
        ByteString bytes = ByteString.copyFrom(id.toBytes());
        return content.getDatasetsList().stream()
                .filter(dataset -> dataset.getDataset().equals(bytes))
                .findFirst();
    }

    /** Index of the record of the site that asks, or -1 if it is new; USAGE if its name or its id belongs to another one. */
    static int indexOf(KeyringContent content, SiteRequestTerms request) throws FaultException {
        ByteString id = ByteString.copyFrom(request.site().toBytes());
        for (int i = 0; i < content.getSitesCount(); i++) {
            SiteRecord site = content.getSites(i);
            boolean sameId = site.getSite().equals(id);
            boolean sameName = site.getName().equals(request.name());
            if (sameName && !sameId) {
                throw new FaultException(
                        Fault.USAGE,
                        "site " + request.name() + " is enrolled already, and this is another one, "
                                + Fingerprint.words(request.identityFingerprint())
                                + ": set it up under another name with `sago receiver init --name`");
            }
            if (sameId && !sameName) {
                throw new FaultException(Fault.USAGE, "this site is enrolled already under the name " + site.getName());
            }
            if (sameId) {
                return i;
            }
        }
        return -1;
    }

    static ByteString randomKey(SecureRandom random) {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        return ByteString.copyFrom(key);
    }
}
