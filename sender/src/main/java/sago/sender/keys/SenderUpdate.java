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
import sago.common.trust.DatasetGrants;
import sago.common.trust.DatasetTerms;
import sago.common.trust.HomeIdentity;
import sago.sender.proto.DatasetRecord;
import sago.sender.proto.DatasetSecrets;
import sago.sender.proto.KeyringContent;
import sago.sender.proto.SenderIdentity;
import sago.sender.proto.SiteRecord;

/**
 * What must be written into {@code sender/} so that it says what the vault says. Files that do already are left alone; a dataset whose grant
 * still has the right terms keeps it. Planning writes nothing, so that the vault can first note which grant sequences are taken. One thread.
 */
final class SenderUpdate {
    private record Write(Path path, RecordKind kind, ByteString message) {}

    private final HomeContext context;
    private final GrantIssuer issuer;
    private final RecordFiles records;
    private final List<Write> writes = new ArrayList<>();
    private final List<Path> deletes = new ArrayList<>();

    SenderUpdate(HomeContext context, GrantIssuer issuer) {
        this.context = context;
        this.issuer = issuer;
        this.records = new RecordFiles(context.files());
    }

    /** The last grant sequence that is taken when all of this is written. */
    long sequence() {
        return issuer.sequence();
    }

    /** The sender's identity; a fresh one, to be written, where there is none. */
    SenderIdentity identity() throws IOException {
        Optional<SenderIdentity> existing = SenderIdentities.read(context);
        if (existing.isPresent()) {
            if (!existing.get().getHomeIdentity().equals(issuer.home().bytes())
                    || !existing.get().getName().isEmpty()) {
                throw new FaultException(
                        Fault.PEER_REFUSED,
                        context.senderFolder() + " is not the sender of " + context.vaultFolder()
                                + ": do not mix two homes");
            }
            return existing.get();
        }
        SenderIdentity fresh = SenderIdentities.create(context, "", Set.of(), issuer);
        writes.add(new Write(context.identityFile(), RecordKind.IDENTITY, fresh.toByteString()));
        return fresh;
    }

    /** Plans everything but identity and keyring. */
    void plan(KeyringContent content, SenderIdentity identity) throws IOException {
        for (SiteRecord site : content.getSitesList()) {
            replace(context.siteFile(site.getName()), RecordKind.SITE, site.toByteString());
        }
        Policy policy = new Policy(content.getSitesList());
        Grantee own = SenderIdentities.grantee(identity, context.identityFile());
        for (DatasetSecrets dataset : content.getDatasetsList()) {
            Path record = context.datasetFile(dataset.getName());
            Path moved = context.movedFile(dataset.getName());
            if (dataset.getSender().isEmpty()) {
                ByteString grant = grant(dataset, issuer.terms(dataset, policy, own));
                replace(
                        record,
                        RecordKind.DATASET,
                        DatasetRecords.of(dataset, grant, content).toByteString());
                deletes.add(moved);
            } else {
                replace(moved, RecordKind.MOVED, DatasetRecords.moved(dataset).toByteString());
                deletes.add(record);
            }
        }
    }

    /** Creates what folders are missing and writes what was planned, in that order. */
    void write(ByteString keyring) throws IOException {
        List<Path> folders =
                List.of(context.senderFolder(), context.sitesFolder(), context.datasetsFolder(), context.movedFolder());
        for (Path folder : folders) {
            context.files().createFolders(folder, FileAccess.PRIVATE);
            context.files().deleteDrafts(folder);
        }
        replace(context.keyringFile(), RecordKind.KEYRING, keyring);
        for (Write write : writes) {
            records.write(write.path(), write.kind(), write.message());
        }
        for (Path path : deletes) {
            context.files().delete(path);
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

    /** The grant that the dataset's file holds, if it grants these terms, whatever their sequence and time; otherwise a new one. */
    private ByteString grant(DatasetSecrets dataset, DatasetTerms wanted) throws IOException {
        try {
            Optional<DatasetRecord> stored =
                    records.read(context.datasetFile(dataset.getName()), RecordKind.DATASET, DatasetRecord.parser());
            if (stored.isPresent()) {
                HomeIdentity home = issuer.home();
                DatasetTerms granted =
                        DatasetGrants.verify(stored.get().getGrant(), home.order(), home.vault(), context.nowSeconds());
                if (wanted.equals(granted.withIssue(wanted.sequence(), wanted.issuedAt()))) {
                    return stored.get().getGrant();
                }
            }
        } catch (FaultException e) {
            if (e.fault() != Fault.INTEGRITY && e.fault() != Fault.PEER_REFUSED) {
                throw e;
            }
        }
        return issuer.sign(wanted);
    }
}
