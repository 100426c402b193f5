package sago.receiver.node;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;
import sago.common.durable.FileAccess;
import sago.common.durable.FolderLock;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.SiteId;
import sago.common.net.TlsIdentity;
import sago.common.secret.SecretBytes;
import sago.common.sign.SigningKey;
import sago.common.time.Clock;
import sago.common.trust.GrantPinTerms;
import sago.common.trust.GrantPins;
import sago.common.trust.Names;
import sago.common.trust.NodeIdentities;
import sago.common.trust.SiteIdentity;
import sago.common.trust.SiteRequestTerms;
import sago.common.trust.SiteRequests;
import sago.receiver.proto.PinFile;
import sago.receiver.proto.SiteFile;
import sago.receiver.proto.SiteKeys;

/**
 * The folder of a site with its lock held: what the site is, its keys, and the home that it was given to. What it stores lies in the same folder and belongs to
 * the store. For one thread.
 */
public final class SiteFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SiteFolder.class);
    private static final String SITE = "site.pb";
    private static final String IDENTITY = "identity.pb";
    private static final String PIN = "grant.pb";

    private final Path path;
    private final FolderLock lock;
    private final CheckedFiles files;
    private final SiteFile site;
    private TlsIdentity tls;
    private final SigningKey key;

    private SiteFolder(Path path, FolderLock lock, CheckedFiles files) throws IOException {
        this.path = path;
        this.lock = lock;
        this.files = files;
        this.site = files.read(SITE, SiteFile.parser());
        CheckedFiles.checkFormat(SITE, site.getFormat());
        SiteKeys keys = files.read(IDENTITY, SiteKeys.parser());
        CheckedFiles.checkFormat(IDENTITY, keys.getFormat());
        this.tls = TlsIdentity.of(
                keys.getTlsPkcs8().toByteArray(), keys.getTlsCertificate().toByteArray());
        this.key = SigningKey.ofSeeds(
                SecretBytes.of(keys.getEd25519Seed().toByteArray()),
                SecretBytes.of(keys.getMlDsa65Seed().toByteArray()));
    }

    /** What {@code receiver init} is told. */
    public record Description(String name, String jurisdiction, ListenAddress listen) {
        /** USAGE for a name or jurisdiction that cannot be one. */
        public Description checked() throws FaultException {
            return new Description(Names.requireName("site", name), Names.requireJurisdiction(jurisdiction), listen);
        }
    }

    /** Makes the folder of a new site with fresh keys. USAGE where there is one already. */
    public static SiteFolder create(Disk disk, Path path, Description description, Clock clock, SecureRandom random)
            throws IOException {
        Description checked = description.checked();
        DurableFiles durable = new DurableFiles(disk);
        durable.createFolders(path, FileAccess.PRIVATE);
        FolderLock lock = FolderLock.acquire(disk, path);
        boolean done = false;
        try {
            CheckedFiles files = new CheckedFiles(disk, path);
            if (files.exists(SITE)) {
                throw new FaultException(
                        Fault.USAGE,
                        path + " holds a site already: choose another folder, or go on with sago receiver run --dir "
                                + path);
            }
            TlsIdentity tls = TlsIdentity.generate(checked.name(), random, clock);
            try (SigningKey key = SigningKey.generate(random)) {
                files.write(
                        IDENTITY,
                        SiteKeys.newBuilder()
                                .setFormat(CheckedFiles.FORMAT)
                                .setTlsPkcs8(ByteString.copyFrom(tls.pkcs8()))
                                .setTlsCertificate(ByteString.copyFrom(tls.certificateDer()))
                                .setEd25519Seed(
                                        ByteString.copyFrom(key.ed25519Seed().reveal()))
                                .setMlDsa65Seed(
                                        ByteString.copyFrom(key.mlDsa65Seed().reveal()))
                                .build());
            }
            // Last: a folder without it is not a site yet, and init may be run again.
            files.write(
                    SITE,
                    SiteFile.newBuilder()
                            .setFormat(CheckedFiles.FORMAT)
                            .setSite(ByteString.copyFrom(SiteId.random(random).toBytes()))
                            .setName(checked.name())
                            .setJurisdiction(checked.jurisdiction())
                            .setListen(checked.listen().text())
                            .build());
            SiteFolder folder = new SiteFolder(path, lock, files);
            done = true;
            return folder;
        } finally {
            if (!done) {
                lock.close();
            }
        }
    }

    /** Opens the folder of a site. USAGE where there is none, LOCKED where another process has it. */
    public static SiteFolder open(Disk disk, Path path) throws IOException {
        CheckedFiles files = new CheckedFiles(disk, path);
        if (!files.exists(SITE)) {
            throw new FaultException(
                    Fault.USAGE, path + " is no site: make one with sago receiver init --dir " + path + " …");
        }
        FolderLock lock = FolderLock.acquire(disk, path);
        boolean done = false;
        try {
            SiteFolder folder = new SiteFolder(path, lock, files);
            done = true;
            return folder;
        } finally {
            if (!done) {
                lock.close();
            }
        }
    }

    public Path path() {
        return path;
    }

    public String name() {
        return site.getName();
    }

    public String jurisdiction() {
        return site.getJurisdiction();
    }

    public ListenAddress listen() throws FaultException {
        return ListenAddress.parse(site.getListen());
    }

    TlsIdentity tls() {
        return tls;
    }

    /** Borrowed: lives as long as this folder. */
    SigningKey key() {
        return key;
    }

    /**
     * Issues the TLS certificate again for the same key where it ends soon: homes pinned the key and go on without noticing. The file is replaced
     * atomically.
     */
    void renewTls(Clock clock, SecureRandom random) throws IOException {
        if (!tls.endsSoon(clock)) {
            return;
        }
        TlsIdentity renewed = tls.renewed(random, clock);
        SiteKeys keys = files.read(IDENTITY, SiteKeys.parser());
        files.write(
                IDENTITY,
                keys.toBuilder()
                        .setTlsCertificate(ByteString.copyFrom(renewed.certificateDer()))
                        .build());
        LOG.info(
                "the TLS certificate would have ended at {}: it was issued again for the same key and lasts until {}",
                Instant.ofEpochSecond(tls.notAfter()),
                Instant.ofEpochSecond(renewed.notAfter()));
        tls = renewed;
    }

    /** What the site shows to the world. */
    public SiteIdentity identity() {
        return NodeIdentities.ofSite(SiteId.of(site.getSite().toByteArray()), key.verifyingKey(), tls.spki());
    }

    /** The text that home needs to add this site. */
    public String requestText() {
        SiteIdentity identity = identity();
        return SiteRequests.text(new SiteRequestTerms(
                identity.site(), name(), jurisdiction(), identity.fingerprint(), identity.tlsSpki(), tls.notAfter()));
    }

    /** Pins the home that this text names. PEER_REFUSED for a grant that is meant for another site. */
    public GrantPinTerms pin(String grantText) throws IOException {
        GrantPinTerms pin = GrantPins.parse(grantText);
        if (!pin.site().equals(identity().site())) {
            throw new FaultException(
                    Fault.PEER_REFUSED,
                    "this grant is for another site: at home, run sago site add with the request of this one, which is "
                            + requestText());
        }
        files.write(
                PIN,
                PinFile.newBuilder()
                        .setFormat(CheckedFiles.FORMAT)
                        .setGrant(GrantPins.text(pin))
                        .build());
        return pin;
    }

    /** The home that this site was given to, if any. */
    public Optional<GrantPinTerms> pin() throws IOException {
        if (!files.exists(PIN)) {
            return Optional.empty();
        }
        PinFile pin = files.read(PIN, PinFile.parser());
        CheckedFiles.checkFormat(PIN, pin.getFormat());
        return Optional.of(GrantPins.parse(pin.getGrant()));
    }

    @Override
    public void close() throws IOException {
        key.close();
        lock.close();
    }
}
