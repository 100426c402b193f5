package sago.sender.keys;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sago.common.durable.FileAccess;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.secret.SecretBytes;
import sago.common.sign.SigningKey;
import sago.common.sign.VerifyingKey;
import sago.common.trust.DatasetGrants;
import sago.common.trust.DatasetTerms;
import sago.common.trust.HomeIdentity;
import sago.sender.proto.DatasetRecord;
import sago.sender.proto.DatasetSecrets;
import sago.sender.proto.EpochSecret;
import sago.sender.proto.KeyringContent;
import sago.sender.proto.SenderIdentity;
import sago.sender.proto.SiteRecord;
import sago.sender.seal.KemKeyPair;

/**
 * What must be written into {@code sender/} so that it says what the vault says. Files that do already are left alone; a dataset whose grant
 * still has the right terms keeps it. Planning writes nothing, so that the vault can first note which grant sequences are taken. One thread.
 */
final class SenderUpdate {
    private record Write(Path path, RecordKind kind, ByteString message) {}

    private final HomeContext context;
    private final HomeIdentity home;
    private final SigningKey order;
    private final RecordFiles records;
    private final List<Write> writes = new ArrayList<>();
    private long sequence;

    /** @param sequence the last grant sequence that is taken */
    SenderUpdate(HomeContext context, HomeIdentity home, SigningKey order, long sequence) {
        this.context = context;
        this.home = home;
        this.order = order;
        this.records = new RecordFiles(context.files());
        this.sequence = sequence;
    }

    /** The last grant sequence that is taken when all of this is written. */
    long sequence() {
        return sequence;
    }

    /** The sender's identity; a fresh one, to be written, where there is none. */
    SenderIdentity identity() throws IOException {
        Optional<SenderIdentity> existing = SenderIdentities.read(context);
        if (existing.isPresent()) {
            if (!existing.get().getHomeIdentity().equals(home.bytes())) {
                throw new FaultException(
                        Fault.PEER_REFUSED,
                        context.senderFolder() + " belongs to another vault than " + context.vaultFolder()
                                + ": do not mix two homes");
            }
            return existing.get();
        }
        SenderIdentity fresh = SenderIdentities.create(context, home, order, ++sequence);
        writes.add(new Write(context.identityFile(), RecordKind.IDENTITY, fresh.toByteString()));
        return fresh;
    }

    /** Plans everything but the identity. */
    void plan(KeyringContent content, SenderIdentity identity, ByteString keyring) throws IOException {
        replace(context.keyringFile(), RecordKind.KEYRING, keyring);
        for (SiteRecord site : content.getSitesList()) {
            replace(context.siteFile(site.getName()), RecordKind.SITE, site.toByteString());
        }
        Policy policy = new Policy(content.getSitesList());
        try (SigningKey sender = SenderIdentities.signingKey(identity, context.identityFile())) {
            Hash tlsSpki = SenderIdentities.tls(identity).spki();
            for (DatasetSecrets dataset : content.getDatasetsList()) {
                DatasetTerms terms = terms(dataset, policy, sender.verifyingKey(), tlsSpki);
                if (!isGranted(dataset, terms)) {
                    sequence++;
                    writes.add(new Write(
                            context.datasetFile(dataset.getName()),
                            RecordKind.DATASET,
                            record(dataset, DatasetGrants.sign(order, terms)).toByteString()));
                }
            }
        }
    }

    /** Creates what folders are missing and writes what was planned, in that order. */
    void write() throws IOException {
        for (Path folder : List.of(context.senderFolder(), context.sitesFolder(), context.datasetsFolder())) {
            context.files().createFolders(folder, FileAccess.PRIVATE);
            context.files().deleteDrafts(folder);
        }
        for (Write write : writes) {
            records.write(write.path(), write.kind(), write.message());
        }
    }

    private void replace(Path path, RecordKind kind, ByteString message) throws IOException {
        if (!stored(path, kind).equals(Optional.of(message))) {
            writes.add(new Write(path, kind, message));
        }
    }

    /** What a file holds; nothing for a damaged one, which is written anew from the vault. */
    private Optional<ByteString> stored(Path path, RecordKind kind) throws IOException {
        try {
            return records.read(path, kind);
        } catch (FaultException e) {
            if (e.fault() == Fault.INTEGRITY) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The terms that a dataset's grant has from now on, with the next sequence. */
    private DatasetTerms terms(DatasetSecrets dataset, Policy policy, VerifyingKey sender, Hash tlsSpki) {
        EpochSecret epoch = dataset.getEpochs(dataset.getEpochsCount() - 1);
        try (KemKeyPair pair = KemKeyPair.ofSeed(SecretBytes.of(epoch.getSeed().toByteArray()))) {
            return new DatasetTerms(
                    home.vault(),
                    DatasetId.of(dataset.getDataset().toByteArray()),
                    dataset.getDataClass(),
                    epoch.getEpoch(),
                    pair.publicKey(),
                    sender,
                    tlsSpki,
                    policy.sitesFor(dataset.getDataClass()),
                    policy.sha256(),
                    sequence + 1,
                    context.nowSeconds(),
                    0);
        }
    }

    /** Whether the dataset's file is sound and grants these terms, whatever their sequence and time. */
    private boolean isGranted(DatasetSecrets dataset, DatasetTerms wanted) throws IOException {
        try {
            Optional<DatasetRecord> stored =
                    records.read(context.datasetFile(dataset.getName()), RecordKind.DATASET, DatasetRecord.parser());
            if (stored.isEmpty()
                    || !stored.get().equals(record(dataset, stored.get().getGrant()))) {
                return false;
            }
            DatasetTerms granted =
                    DatasetGrants.verify(stored.get().getGrant(), home.order(), home.vault(), context.nowSeconds());
            return wanted.equals(granted.withIssue(wanted.sequence(), wanted.issuedAt()));
        } catch (FaultException e) {
            if (e.fault() == Fault.INTEGRITY || e.fault() == Fault.PEER_REFUSED) {
                return false;
            }
            throw e;
        }
    }

    private static DatasetRecord record(DatasetSecrets dataset, ByteString grant) {
        return DatasetRecord.newBuilder()
                .setFormat(1)
                .setName(dataset.getName())
                .setGrant(grant)
                .setIdKey(dataset.getIdKey())
                .setGearKey(dataset.getGearKey())
                .build();
    }
}
