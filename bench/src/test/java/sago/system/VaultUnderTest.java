package sago.system;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;
import sago.common.fault.FaultException;
import sago.common.secret.SecretBytes;
import sago.common.sign.Hashes;
import sago.common.time.Clock;
import sago.common.trust.GrantPins;
import sago.sender.backup.BackupListener;
import sago.sender.keys.DatasetKeys;
import sago.sender.keys.HomeContext;
import sago.sender.keys.Kit;
import sago.sender.keys.SiteAddress;
import sago.sender.keys.SlotCost;
import sago.sender.keys.Unlock;
import sago.sender.keys.Vault;
import sago.sender.node.BackupJob;
import sago.sender.node.HomeNode;
import sago.sender.node.SnapshotReader;
import sago.sender.restore.DataCheck;
import sago.sender.restore.DataSample;
import sago.sender.restore.RestoreListener;
import sago.sender.seal.AeadProviders;
import sago.sender.source.SourceRoots;
import sago.sender.tree.EntryKey;
import sago.sender.upload.UploadPlan;

/**
 * A whole home in this process that backs up real files to a real site. Each thing that it does opens the home anew, as a command does. For one
 * thread.
 */
final class VaultUnderTest implements AutoCloseable, BackupListener, RestoreListener {
    static final String DATASET = "users";

    private static final SlotCost CHEAP = new SlotCost(64, 1, 1);
    private static final String PASSPHRASE = "open sesame";

    final SiteUnderTest site;
    final FaultyLink link;
    final Path siteFolder;
    final Path source;
    final List<String> complaints = new ArrayList<>();

    private final HomeContext context;
    private final SecureRandom random = new SecureRandom();
    private int files;

    VaultUnderTest(Path folder) throws Exception {
        siteFolder = folder.resolve("site");
        source = Files.createDirectories(folder.resolve("source"));
        context = new HomeContext(
                Files.createDirectories(folder.resolve("home")),
                new DurableFiles(Disk.real()),
                random,
                Clock.system(),
                AeadProviders.choose());
        site = new SiteUnderTest(siteFolder, "sg");
        link = new FaultyLink(1);
        try (Kit kit = Kit.generate(random);
                SecretBytes passphrase = passphrase();
                Vault vault = Vault.create(context, kit, passphrase, CHEAP)) {
            vault.createDataset(DATASET, "internal");
            SiteAddress address = new SiteAddress("127.0.0.1", link.port());
            site.grant(GrantPins.text(vault.addSite(site.request(), address, List.of("internal"))));
        }
        start();
    }

    /** What is done with an open home. */
    interface Work<T> {
        T run(HomeNode node, Vault vault) throws Exception;
    }

    private static SecretBytes passphrase() {
        return SecretBytes.of(PASSPHRASE.getBytes(StandardCharsets.UTF_8));
    }

    HomeContext context() {
        return context;
    }

    void start() throws Exception {
        link.target(site.start());
    }

    <T> T with(Work<T> work) throws Exception {
        try (SecretBytes passphrase = passphrase();
                HomeNode node = new HomeNode(context, "sago test");
                Vault vault = Vault.open(context, new Unlock.Passphrase(passphrase))) {
            return work.run(node, vault);
        }
    }

    /** One more file of random bytes, and a snapshot of all. Its name. */
    String backUp() throws Exception {
        byte[] bytes = new byte[200_000];
        random.nextBytes(bytes);
        Files.write(source.resolve("file" + ++files), bytes);
        try (HomeNode node = new HomeNode(context, "sago test")) {
            DatasetKeys keys = node.sender().dataset(DATASET);
            BackupJob.Goal goal = new BackupJob.Goal(
                    keys, node.site(Optional.empty()), SourceRoots.of(List.of(source)), UploadPlan.NEVER_NS);
            try (BackupJob job = new BackupJob(node, goal, this)) {
                return job.backUp().snapshot().name();
            }
        }
    }

    /** Reads all data of a snapshot; the number of its bytes. */
    long readAll(String snapshot) throws Exception {
        return with((node, vault) -> {
            SnapshotReader.Query query = new SnapshotReader.Query(snapshot, Optional.empty(), Optional.empty());
            try (SnapshotReader reader = SnapshotReader.open(node, vault, query)) {
                return new DataCheck(reader.chunks(), DataSample.all(), 2, this)
                        .run(reader.root())
                        .bytes();
            }
        });
    }

    /** Session headers that the site has now. */
    List<ByteString> headers() throws IOException {
        List<ByteString> headers = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(siteFolder)) {
            for (Path file :
                    walk.filter(path -> path.toString().endsWith(".header")).toList()) {
                headers.add(ByteString.copyFrom(Files.readAllBytes(file)));
            }
        }
        return headers;
    }

    /** Files of the site that hold these bytes anywhere. */
    List<Path> holding(ByteString bytes) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(siteFolder)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                if (content.contains(new String(bytes.toByteArray(), StandardCharsets.ISO_8859_1))) {
                    found.add(file);
                }
            }
        }
        return found;
    }

    static String hash(ByteString bytes) {
        return Hashes.sha256(bytes).toString();
    }

    @Override
    public void unreadable(Path path, String reason) {
        complaints.add(path + ": " + reason);
    }

    @Override
    public void vanished(Path path) {
        complaints.add(path + " vanished");
    }

    @Override
    public void changed(Path path) {
        complaints.add(path + " changed");
    }

    @Override
    public void warning(String message) {
        complaints.add(message);
    }

    @Override
    public void warning(EntryKey key, String reason) {
        complaints.add(key + ": " + reason);
    }

    @Override
    public void failed(EntryKey key, String reason) {
        complaints.add(key + ": " + reason);
    }

    @Override
    public void close() throws FaultException, IOException {
        link.close();
        site.close();
    }
}
