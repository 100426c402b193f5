package sago.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;
import sago.common.secret.SecretBytes;
import sago.common.time.Clock;
import sago.common.trust.GrantPins;
import sago.sender.backup.BackupListener;
import sago.sender.backup.BackupResult;
import sago.sender.keys.DatasetKeys;
import sago.sender.keys.HomeContext;
import sago.sender.keys.Kit;
import sago.sender.keys.SiteAddress;
import sago.sender.keys.SiteEndpoint;
import sago.sender.keys.SlotCost;
import sago.sender.keys.StoredKeyring;
import sago.sender.keys.Unlock;
import sago.sender.keys.Vault;
import sago.sender.node.BackupJob;
import sago.sender.node.HomeNode;
import sago.sender.node.Rebuild;
import sago.sender.node.SnapshotReader;
import sago.sender.restore.RestoreListener;
import sago.sender.restore.RestoreOptions;
import sago.sender.restore.RestoreRun;
import sago.sender.seal.AeadProviders;
import sago.sender.source.SourceRoots;
import sago.sender.tree.EntryKey;
import sago.sender.upload.UploadPlan;

/** A home with a kit, some sites, and a source, all of this machine; the home may be lost. For one thread. */
final class LostHome implements AutoCloseable {
    static final String DATASET = "users";
    private static final SlotCost CHEAP = new SlotCost(64, 1, 1);

    /** Everything in the source is older than the scan, so that it counts as unchanged. */
    private static final long AHEAD_MS = TimeUnit.MINUTES.toMillis(5);

    private final Path folder;
    private final SecureRandom random = new SecureRandom();
    private final List<SiteUnderTest> sites = new ArrayList<>();
    private final List<FaultyLink> links = new ArrayList<>();
    final List<String> warnings = new ArrayList<>();
    final Kit kit;
    final Path source;

    LostHome(Path folder) throws IOException {
        this.folder = folder;
        this.kit = Kit.generate(random);
        this.source = Files.createDirectory(folder.resolve("source"));
        try (SecretBytes passphrase = passphrase()) {
            Vault.create(home(), kit, passphrase, CHEAP).close();
        }
        try (Vault vault = vault()) {
            vault.createDataset(DATASET, "internal");
        }
    }

    private static SecretBytes passphrase() {
        return SecretBytes.of("open sesame".getBytes(StandardCharsets.UTF_8));
    }

    HomeContext home() {
        return context("home");
    }

    HomeContext context(String name) {
        Clock ahead = new Clock() {
            @Override
            public long wallMs() {
                return Clock.system().wallMs() + AHEAD_MS;
            }

            @Override
            public long monotonicNs() {
                return Clock.system().monotonicNs();
            }
        };
        return new HomeContext(
                folder.resolve(name), new DurableFiles(Disk.real()), random, ahead, AeadProviders.choose());
    }

    Vault vault() throws IOException {
        return vault(home());
    }

    Vault vault(HomeContext context) throws IOException {
        return Vault.open(context, new Unlock.RecoveryKit(kit));
    }

    HomeNode node(HomeContext context) {
        return new HomeNode(context, "sago test");
    }

    /** Makes a site, enrols and starts it. */
    SiteAddress addSite(String name) throws IOException {
        SiteUnderTest site = new SiteUnderTest(folder.resolve("site-" + name), name);
        FaultyLink link = new FaultyLink(1);
        SiteAddress address = new SiteAddress("127.0.0.1", link.port());
        try (Vault vault = vault()) {
            site.grant(GrantPins.text(vault.addSite(site.request(), address, List.of("internal"))));
        }
        link.target(site.start());
        sites.add(site);
        links.add(link);
        return address;
    }

    /** The same site, with an older keyring for it than the newest. */
    static SiteEndpoint withKeyring(SiteEndpoint site, StoredKeyring keyring) {
        return new SiteEndpoint(
                site.address(), site.tlsSpki(), site.notAfter(), site.terms(), site.siteGrant(), keyring);
    }

    void stopSite(int index) throws IOException {
        sites.get(index).stop();
    }

    void startSite(int index) throws IOException {
        links.get(index).target(sites.get(index).start());
    }

    Path siteFolder(String name) {
        return folder.resolve("site-" + name);
    }

    void fill(int files, long seed) throws IOException {
        Random bytes = new Random(seed);
        for (int i = 0; i < files; i++) {
            byte[] content = new byte[1 + bytes.nextInt(200_000)];
            bytes.nextBytes(content);
            Files.write(Files.createDirectories(source.resolve("d" + i % 7)).resolve("f" + seed + "-" + i), content);
        }
    }

    BackupResult backUp(HomeContext context) throws IOException, InterruptedException {
        try (HomeNode node = node(context)) {
            return backUp(node, node.site(Optional.empty()));
        }
    }

    BackupResult backUp(HomeNode node, SiteEndpoint site) throws IOException, InterruptedException {
        DatasetKeys keys = node.sender().dataset(DATASET);
        BackupListener listener = new BackupListener() {
            @Override
            public void unreadable(Path path, String reason) {
                warnings.add(path + " " + reason);
            }

            @Override
            public void vanished(Path path) {
                warnings.add(path + " vanished");
            }

            @Override
            public void changed(Path path) {
                warnings.add(path + " changed");
            }

            @Override
            public void warning(String message) {
                warnings.add(message);
            }
        };
        BackupJob.Goal goal = new BackupJob.Goal(keys, site, SourceRoots.of(List.of(source)), UploadPlan.NEVER_NS);
        try (BackupJob job = new BackupJob(node, goal, listener)) {
            return job.backUp();
        }
    }

    /** Restores the newest snapshot; what comes back is below the result. */
    Path restore(HomeContext context, String site) throws IOException, InterruptedException {
        Path target = Files.createTempDirectory(folder, "restored");
        RestoreListener listener = new RestoreListener() {
            @Override
            public void warning(EntryKey key, String reason) {
                warnings.add(key + " " + reason);
            }

            @Override
            public void failed(EntryKey key, String reason) {
                warnings.add(key + " " + reason);
            }
        };
        SnapshotReader.Query query = new SnapshotReader.Query("latest", Optional.of(DATASET), Optional.of(site));
        try (Vault vault = vault(context);
                HomeNode node = node(context);
                SnapshotReader reader = SnapshotReader.open(node, vault, query)) {
            new RestoreRun(reader.chunks(), reader.root(), RestoreOptions.everything(target, 4), listener, random)
                    .run()
                    .requireComplete();
        }
        return target.resolve(Path.of("/").relativize(source));
    }

    Rebuild.Progress progress() {
        return new Rebuild.Progress() {
            @Override
            public void packs(int done, int of, long bytesRead) {
                // Nobody looks.
            }

            @Override
            public void warning(String message) {
                warnings.add(message);
            }
        };
    }

    void destroy(String name) throws IOException {
        Files.walkFileTree(folder.resolve(name), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path left, IOException failed) throws IOException {
                Files.delete(left);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public void close() throws IOException {
        kit.close();
        for (FaultyLink link : links) {
            link.close();
        }
        for (SiteUnderTest site : sites) {
            site.close();
        }
    }
}
