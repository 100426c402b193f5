package sago.sender.keys;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sago.common.durable.FileAccess;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.sign.UnknownFields;
import sago.common.trust.ClientGrants;
import sago.common.trust.HomeIdentity;
import sago.common.trust.Keyrings;
import sago.common.trust.Names;
import sago.common.trust.NodeIdentities;
import sago.sender.proto.DatasetRecord;
import sago.sender.proto.SenderBundle;
import sago.sender.proto.SenderIdentity;
import sago.sender.proto.SiteRecord;

/**
 * Makes a folder the home of a sender with a name, out of the file that the vault's home handed out. Everything in it is verified under the
 * identity of home that it carries; whether that is the home that is meant, people find out by comparing its words.
 *
 * <p>The identity is written after everything that is for it: until it is there, a fresh folder holds no sender, and an existing one keeps its keys,
 * which the new records refuse. In both cases joining again finishes it. One thread; the caller holds the lock of the folder.
 */
public final class SenderJoin {
    private final HomeContext context;
    private final SenderBundle bundle;
    private final HomeIdentity home;
    private final Optional<SenderIdentity> existing;

    private SenderJoin(HomeContext context, SenderBundle bundle, HomeIdentity home, Optional<SenderIdentity> existing) {
        this.context = context;
        this.bundle = bundle;
        this.home = home;
        this.existing = existing;
    }

    /** The bytes of a file, to be joined; not more than one byte beyond what a bundle may have. USAGE if there is none. */
    public static ByteString read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return ByteString.copyFrom(in.readNBytes(RecordKind.BUNDLE.bytesMax() + 1));
        } catch (NoSuchFileException e) {
            throw new FaultException(Fault.USAGE, "no file " + file, e);
        }
    }

    /** Verifies a bundle and writes it. As {@link #check} and {@link #write}. */
    public static JoinedSender join(HomeContext context, ByteString bundle) throws IOException {
        SenderJoin join = check(context, bundle);
        join.write();
        return join.sender();
    }

    /**
     * Verifies a bundle and whether it may be joined here; writes nothing.
     *
     * @param bundle the whole file
     * @throws FaultException USAGE if it is no such file, older than what is here, or if the folder has a vault or another sender; INTEGRITY,
     *     VERSION or PEER_REFUSED if it is damaged or not what it says
     */
    public static SenderJoin check(HomeContext context, ByteString bundle) throws IOException {
        SenderBundle parsed = parse(bundle);
        SenderIdentity identity = parsed.getIdentity();
        RecordFiles.checkFormat(context.identityFile(), identity.getFormat());
        HomeIdentity home = NodeIdentities.readHome(identity.getHomeIdentity());
        if (!ByteString.copyFrom(home.vault().toBytes()).equals(identity.getVault())
                || !Names.isName(identity.getName())) {
            throw damaged("its identity is not sound");
        }
        verify(context, parsed, home);
        if (context.hasVault()) {
            throw new FaultException(
                    Fault.USAGE,
                    context.folder() + " has a vault, and a sender of its own with it: join in another folder");
        }
        Optional<SenderIdentity> existing = SenderIdentities.read(context);
        if (existing.isPresent()) {
            requireSuccessor(context, existing.get(), identity, home);
        }
        return new SenderJoin(context, parsed, home, existing);
    }

    public JoinedSender sender() {
        return new JoinedSender(
                bundle.getIdentity().getName(),
                home,
                bundle.getDatasetsList().stream().map(DatasetRecord::getName).toList(),
                bundle.getSitesList().stream().map(SiteRecord::getName).toList(),
                existing.isPresent());
    }

    /** Writes what was verified. */
    public void write() throws IOException {
        List<Path> folders = List.of(context.senderFolder(), context.sitesFolder(), context.datasetsFolder());
        for (Path folder : folders) {
            context.files().createFolders(folder, FileAccess.PRIVATE);
            context.files().deleteDrafts(folder);
        }
        RecordFiles records = new RecordFiles(context.files());
        records.write(context.keyringFile(), RecordKind.KEYRING, bundle.getKeyring());
        Set<String> kept = new HashSet<>();
        for (SiteRecord site : bundle.getSitesList()) {
            records.write(context.siteFile(site.getName()), RecordKind.SITE, site.toByteString());
            kept.add(context.siteFile(site.getName()).toString());
        }
        for (DatasetRecord dataset : bundle.getDatasetsList()) {
            records.write(context.datasetFile(dataset.getName()), RecordKind.DATASET, dataset.toByteString());
            kept.add(context.datasetFile(dataset.getName()).toString());
        }
        records.write(
                context.identityFile(),
                RecordKind.IDENTITY,
                bundle.getIdentity().toByteString());
        for (Path folder : List.of(context.sitesFolder(), context.datasetsFolder())) {
            for (String name : context.files().list(folder)) {
                if (!kept.contains(folder.resolve(name).toString())) {
                    context.files().delete(folder.resolve(name));
                }
            }
        }
    }

    private static SenderBundle parse(ByteString file) throws FaultException {
        byte[] magic = RecordKind.BUNDLE.magic();
        if (file.size() < magic.length || !file.substring(0, magic.length).equals(ByteString.copyFrom(magic))) {
            throw new FaultException(Fault.USAGE, "this is no file that `sago sender add` made");
        }
        if (file.size() > RecordKind.BUNDLE.bytesMax()) {
            throw new FaultException(Fault.LIMIT, "this file is longer than any that `sago sender add` makes");
        }
        try {
            SenderBundle bundle = SenderBundle.parseFrom(RecordFiles.unwrap(RecordKind.BUNDLE, file.toByteArray())
                    .orElseThrow(() -> damaged("it is cut short, or its checksum is wrong")));
            UnknownFields.refuse(bundle);
            if (bundle.getFormat() != 1) {
                throw new FaultException(
                        Fault.VERSION, "this file has format " + bundle.getFormat() + ": update sago on this machine");
            }
            return bundle;
        } catch (InvalidProtocolBufferException e) {
            throw damaged("it cannot be parsed");
        }
    }

    private static void verify(HomeContext context, SenderBundle bundle, HomeIdentity home) throws FaultException {
        SenderIdentity identity = bundle.getIdentity();
        Grantee own = SenderIdentities.grantee(identity, context.identityFile());
        SenderIdentities.auditTerms(identity, home, context);
        StoredKeyring keyring = new StoredKeyring(
                bundle.getKeyring(), Keyrings.verify(bundle.getKeyring(), home).counter());
        Set<String> names = new HashSet<>();
        for (SiteRecord site : bundle.getSitesList()) {
            SiteEndpoint endpoint = SiteRecords.endpoint(site, home, keyring);
            if (!Names.isName(endpoint.name()) || !names.add("site " + endpoint.name())) {
                throw damaged("a site stands there twice");
            }
        }
        for (DatasetRecord dataset : bundle.getDatasetsList()) {
            DatasetRecords.verify(dataset, home, own, context);
            if (!Names.isName(dataset.getName()) || !names.add("dataset " + dataset.getName())) {
                throw damaged("a dataset has no name, or stands there twice");
            }
        }
        if (bundle.getSitesCount() == 0 || bundle.getDatasetsCount() == 0) {
            throw damaged("it names no site or no dataset");
        }
    }

    /** A sender is followed only by itself: of the same vault and name, with keys that were made later, or the same. */
    private static void requireSuccessor(
            HomeContext context, SenderIdentity existing, SenderIdentity identity, HomeIdentity home)
            throws FaultException {
        if (!existing.getHomeIdentity().equals(home.bytes())) {
            throw new FaultException(
                    Fault.USAGE, context.folder() + " is the sender of another vault: join in another folder");
        }
        if (!existing.getName().equals(identity.getName())) {
            throw new FaultException(
                    Fault.USAGE,
                    existing.getName().isEmpty()
                            ? context.folder() + " is home's own sender: join in another folder"
                            : context.folder() + " is sender " + existing.getName() + ", and this file is for "
                                    + identity.getName() + ": join in another folder");
        }
        long issued = ClientGrants.verify(identity.getAuditGrant(), home, context.nowSeconds())
                .sequence();
        long had = ClientGrants.verify(existing.getAuditGrant(), home, context.nowSeconds())
                .sequence();
        if (issued < had) {
            throw new FaultException(
                    Fault.USAGE,
                    "this file is older than what " + context.folder() + " has: its keys are shut out already");
        }
    }

    private static FaultException damaged(String how) {
        return new FaultException(
                Fault.INTEGRITY,
                "the file of the sender is damaged: " + how + ". Bring it over again, or make a new one");
    }
}
