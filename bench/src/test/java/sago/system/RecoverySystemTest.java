package sago.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.FolderLock;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.net.Transports;
import sago.common.protocol.ClientRole;
import sago.common.secret.SecretBytes;
import sago.common.sign.SigningKey;
import sago.common.time.Clock;
import sago.common.trust.ClientGrants;
import sago.common.trust.ClientTerms;
import sago.common.trust.GrantPins;
import sago.common.trust.HomeIdentity;
import sago.common.trust.KeyringTerms;
import sago.common.trust.Keyrings;
import sago.common.trust.NodeIdentities;
import sago.common.trust.SiteGrants;
import sago.common.trust.SiteRequestTerms;
import sago.common.trust.SiteTerms;
import sago.sender.backup.BackupResult;
import sago.sender.keys.ClientCredential;
import sago.sender.keys.HomeContext;
import sago.sender.keys.Kit;
import sago.sender.keys.OpenedKeyring;
import sago.sender.keys.SiteAddress;
import sago.sender.keys.SiteEndpoint;
import sago.sender.keys.StoredKeyring;
import sago.sender.keys.Vault;
import sago.sender.node.HomeNode;
import sago.sender.node.KeyringSearch;
import sago.sender.node.Recovery;
import sago.sender.node.SenderState;
import sago.sender.node.StateRebuild;
import sago.sender.upload.ReadPlan;
import sago.sender.upload.RestoreClient;
import sago.sender.upload.SiteClient;

/** Home, or what it remembers, is lost; a real site gives it back, and a hostile one is found out. */
class RecoverySystemTest {
    /** Folders above the source change while a test runs: their tree nodes are stored anew, and nothing else is. */
    private static final long TREE_BYTES = 16 << 10;

    @TempDir
    private Path folder;

    private LostHome lost;
    private SiteAddress address;

    @BeforeEach
    void begin() throws IOException {
        lost = new LostHome(folder.toRealPath());
        address = lost.addSite("sg");
    }

    @AfterEach
    void end() throws IOException {
        lost.close();
    }

    @Test
    void aDestroyedHomeComesBackFromKitAndSiteAndGoesOnIncrementally() throws Exception {
        lost.fill(60, 1);
        lost.backUp(lost.home());
        lost.fill(10, 2);
        BackupResult last = lost.backUp(lost.home());
        lost.destroy("home");

        HomeContext anew = lost.context("anew");
        List<StateRebuild.Part> parts = recover(anew, address);
        assertThat(parts).hasSize(1);
        assertThat(parts.get(0).report().snapshots()).isEqualTo(2);
        assertThat(parts.get(0).report().newest().orElseThrow().name())
                .isEqualTo(last.snapshot().name());
        assertSame(lost.source, lost.restore(anew, "sg"));

        BackupResult next = lost.backUp(anew);
        assertThat(next.snapshot().sequence()).isEqualTo(3);
        assertThat(next.progress().filesRead()).as("files read again").isZero();
        assertThat(next.progress().newBytes()).isLessThan(TREE_BYTES);
        assertThat(lost.warnings).isEmpty();
        assertSame(lost.source, lost.restore(anew, "sg"));
    }

    @Test
    void anInterruptedRecoveryGoesOnWithTheSameCommand() throws Exception {
        lost.fill(20, 1);
        lost.backUp(lost.home());
        HomeContext anew = lost.context("anew");
        Recovery recovery = new Recovery(anew);
        // As a kill leaves it: a mark and nothing else, then a vault and nothing else.
        recovery.begin().close();
        FolderLock lock = recovery.begin();
        try (HomeNode node = lost.node(anew);
                SecretBytes passphrase = passphrase()) {
            KeyringSearch.Found found = new KeyringSearch(node, lost.kit).find(address);
            recovery.makeVault(found, lost.kit, passphrase).close();
            found.keyring().close();
            assertThat(recovery.hasVault()).isTrue();
        } finally {
            lock.close();
        }
        recover(anew, address);
        assertThat(lost.backUp(anew).progress().newBytes()).isLessThan(TREE_BYTES);
        refused(Fault.USAGE, () -> new Recovery(anew).begin());
    }

    @Test
    void refusesAFolderThatHoldsSomethingElse() throws Exception {
        Files.writeString(Files.createDirectory(folder.resolve("full")).resolve("file"), "mine");
        refused(Fault.USAGE, () -> new Recovery(lost.context("full")).begin());
    }

    @Test
    void aLostCatalogIndexAndTreeAreRebuiltAndADamagedCatalogSaysHow() throws Exception {
        lost.fill(60, 1);
        lost.backUp(lost.home());
        Path catalog = lost.home().senderFolder().resolve("catalog.db");
        try (RandomAccessFile raw = new RandomAccessFile(catalog.toFile(), "rw")) {
            raw.write("no database any more".getBytes(StandardCharsets.US_ASCII));
        }
        assertThatThrownBy(() -> lost.backUp(lost.home()))
                .hasMessageContaining("sago sender rebuild --dataset")
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.INTEGRITY));
        rebuildHome();
        assertThat(catalog.resolveSibling("catalog.db.damaged")).exists();
        BackupResult next = lost.backUp(lost.home());
        assertThat(next.progress().filesRead()).isZero();
        assertThat(next.snapshot().sequence()).isEqualTo(2);

        lost.destroy("home/sender/index");
        lost.destroy("home/sender/trees");
        Files.delete(catalog);
        rebuildHome();
        assertThat(lost.backUp(lost.home()).progress().newBytes()).isLessThan(TREE_BYTES);
        assertThat(catalog.resolveSibling("catalog.db.rebuild")).doesNotExist();
        assertSame(lost.source, lost.restore(lost.home(), "sg"));
    }

    @Test
    void aSenderWithoutItsStateContinuesTheChainAndStoresEverythingOnceMore() throws Exception {
        lost.fill(30, 1);
        BackupResult first = lost.backUp(lost.home());
        Files.delete(lost.home().senderFolder().resolve("catalog.db"));
        lost.destroy("home/sender/index");
        lost.destroy("home/sender/trees");
        BackupResult second = lost.backUp(lost.home());
        assertThat(second.snapshot().sequence()).isEqualTo(2);
        // But for some bytes of tree nodes: which offsets they name depends on which worker was first.
        assertThat(second.progress().newBytes()).isCloseTo(first.progress().newBytes(), within(1000L));
        assertSame(lost.source, lost.restore(lost.home(), "sg"));
    }

    @Test
    void stateThatWasWrittenForASenderElsewhereIsTakenOver() throws Exception {
        lost.fill(30, 1);
        lost.backUp(lost.home());
        Path out = folder.resolve("out");
        try (Vault vault = lost.vault();
                HomeNode node = lost.node(lost.home())) {
            new StateRebuild(node, vault, lost.progress())
                    .intoFolder(vault.datasets().get(0), vault.sites().get(0), out);
        }
        Files.delete(lost.home().senderFolder().resolve("catalog.db"));
        lost.destroy("home/sender/index");
        lost.destroy("home/sender/trees");
        SenderState.adopt(lost.home(), out);
        assertThat(lost.backUp(lost.home()).progress().filesRead()).isZero();
        refused(Fault.USAGE, () -> SenderState.adopt(lost.home(), out));
        refused(Fault.USAGE, () -> SenderState.adopt(lost.context("other"), folder.resolve("source")));
    }

    @Test
    void packsThatTheSiteLostCountAsAbsentAndAreStoredAgain() throws Exception {
        lost.fill(30, 1);
        lost.backUp(lost.home());
        lost.fill(30, 2);
        lost.backUp(lost.home());
        Path pack;
        try (Stream<Path> files = Files.walk(lost.siteFolder("sg"))) {
            pack = files.filter(file -> file.toString().endsWith(".pack"))
                    .max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length()))
                    .orElseThrow();
        }
        try (RandomAccessFile raw = new RandomAccessFile(pack.toFile(), "rw")) {
            raw.seek(raw.length() - 100);
            raw.write(new byte[50]);
        }
        List<StateRebuild.Part> parts = rebuildHome();
        assertThat(parts.get(0).report().lost()).isEqualTo(1);
        assertThat(lost.warnings).anyMatch(line -> line.contains("counts as absent"));
        assertThat(lost.backUp(lost.home()).progress().newBytes()).isPositive();
        assertSame(lost.source, lost.restore(lost.home(), "sg"));
    }

    @Test
    void whatIsKnownOfASiteThatIsAwayStays() throws Exception {
        lost.fill(5, 1);
        lost.addSite("hk");
        try (HomeNode node = lost.node(lost.home())) {
            lost.backUp(node, node.site(Optional.of("sg")));
            lost.backUp(node, node.site(Optional.of("hk")));
        }
        lost.stopSite(1);
        assertThat(rebuildHome()).hasSize(1);
        try (HomeNode node = lost.node(lost.home())) {
            assertThat(node.catalog().snapshots().list()).hasSize(2);
        }
    }

    @Test
    void theHighestKeyringWinsAndASiteThatIsBehindIsNamed() throws Exception {
        lost.addSite("hk");
        StoredKeyring old = keyring();
        try (Vault vault = lost.vault()) {
            vault.createDataset("mail", "internal");
        }
        show("sg", old);
        show("hk", keyring());
        try (HomeNode node = lost.node(lost.context("anew"))) {
            KeyringSearch.Found found = new KeyringSearch(node, lost.kit).find(address);
            assertThat(found.keyring().counter()).isEqualTo(keyring().counter()).isGreaterThan(old.counter());
            assertThat(found.sightings())
                    .containsExactly(
                            new KeyringSearch.Sighting("sg", old.counter(), ""),
                            new KeyringSearch.Sighting("hk", keyring().counter(), ""));
            found.keyring().close();
            lost.stopSite(1);
            KeyringSearch.Found behind = new KeyringSearch(node, lost.kit).find(address);
            assertThat(behind.keyring().counter()).isEqualTo(old.counter());
            behind.keyring().close();
        }
    }

    @Test
    void anOldKeyringIsRefusedWhereAManifestKnowsANewerOne() throws Exception {
        lost.fill(5, 1);
        StoredKeyring old = keyring();
        lost.addSite("hk");
        show("sg", old);
        try (HomeNode node = lost.node(lost.home())) {
            lost.backUp(node, LostHome.withKeyring(node.site(Optional.of("sg")), old));
        }
        assertThatThrownBy(() -> find(address)).hasMessageContaining("an old keyring is shown as the newest");
        refused(Fault.PEER_REFUSED, () -> find(address));
    }

    @Test
    void aSiteThatTheKeyringDoesNotListIsRefused() throws Exception {
        StoredKeyring before = keyring();
        SiteAddress other = lost.addSite("hk");
        show("hk", before);
        assertThatThrownBy(() -> find(other)).hasMessageContaining("none of the sites in the keyring");
        refused(Fault.PEER_REFUSED, () -> find(other));
    }

    @Test
    void refusesKeyringsThatSomebodyElseMade() throws Exception {
        SecureRandom random = new SecureRandom();
        KeyringTerms seen = Keyrings.verifyAgainstItself(keyring().envelope());
        try (SigningKey forger = SigningKey.generate(random);
                Kit otherKit = Kit.generate(random)) {
            HomeIdentity home = NodeIdentities.ofHome(seen.vault(), forger.verifyingKey());
            // The true anchor and the true content, under another order key: the anchor covers that key.
            KeyringTerms forged = new KeyringTerms(
                    seen.vault(), seen.kitVersion(), 9, seen.previous(), seen.sealed(), seen.anchor(), home);
            try (HostileSite site = new HostileSite(folder.resolve("hostile"), forger, home, lost.kit)) {
                site.show(Keyrings.sign(forger, forged), 9);
                assertThatThrownBy(() -> find(site.address())).hasMessageContaining("not made with this kit");
                refused(Fault.PEER_REFUSED, () -> find(site.address()));
            }
            refused(Fault.PEER_REFUSED, () -> OpenedKeyring.open(keyring().envelope(), otherKit));
        }
        byte[] bytes = keyring().envelope().toByteArray();
        assertThatThrownBy(() -> OpenedKeyring.open(ByteString.copyFrom(bytes, 0, bytes.length - 1), lost.kit))
                .isInstanceOf(FaultException.class);
        for (int at = 0; at < bytes.length; at += 97) {
            byte[] flipped = bytes.clone();
            flipped[at] ^= 1;
            assertThatThrownBy(() -> OpenedKeyring.open(ByteString.copyFrom(flipped), lost.kit))
                    .as("byte " + at)
                    .isInstanceOf(FaultException.class);
        }
    }

    /** A true site program with the grant of somebody who knows the public half of everything. */
    private static final class HostileSite implements AutoCloseable {
        private final SiteUnderTest site;
        private final SiteAddress address;
        private final SiteTerms terms;
        private final SiteRequestTerms request;
        private final SigningKey forger;
        private final Kit kit;

        HostileSite(Path folder, SigningKey forger, HomeIdentity home, Kit kit) throws IOException {
            this.forger = forger;
            this.kit = kit;
            this.site = new SiteUnderTest(folder, "sg");
            this.request = site.request();
            this.terms = new SiteTerms(
                    home.vault(),
                    request.site(),
                    request.name(),
                    request.jurisdiction(),
                    List.of("internal"),
                    request.identityFingerprint(),
                    home,
                    kit.tlsIdentity(new SecureRandom(), Clock.system()).spki(),
                    1,
                    1);
            ByteString grant = SiteGrants.sign(forger, terms);
            site.grant(GrantPins.text(GrantPins.of(terms, grant)));
            this.address = new SiteAddress("127.0.0.1", site.start().getPort());
        }

        SiteAddress address() {
            return address;
        }

        void show(ByteString keyring, long counter) throws IOException, InterruptedException {
            SiteEndpoint endpoint = new SiteEndpoint(
                    address,
                    request.tlsSpki(),
                    request.notAfter(),
                    terms,
                    SiteGrants.sign(forger, terms),
                    new StoredKeyring(keyring, counter));
            SecureRandom random = new SecureRandom();
            var tls = kit.tlsIdentity(random, Clock.system());
            ClientTerms client =
                    new ClientTerms(terms.vault(), tls.spki(), Set.of(ClientRole.RESTORE.wireId()), 1, 1, 0, Set.of());
            try (Transports transports = Transports.open(1, "hostile")) {
                ClientCredential credential =
                        new ClientCredential(ClientRole.RESTORE, tls, ClientGrants.sign(forger, client));
                RestoreClient.open(
                                new SiteClient(endpoint, credential, transports, Clock.system(), "sago test"),
                                ReadPlan.of(random))
                        .close();
            }
        }

        @Override
        public void close() throws IOException {
            site.close();
        }
    }

    private StoredKeyring keyring() throws IOException {
        try (Vault vault = lost.vault()) {
            return vault.sites().get(0).keyring();
        }
    }

    /** Hands a keyring to a site. */
    private void show(String site, StoredKeyring keyring) throws IOException, InterruptedException {
        try (Vault vault = lost.vault();
                HomeNode node = lost.node(lost.home())) {
            SiteEndpoint endpoint = HomeNode.choose(vault.sites(), Optional.of(site));
            node.reader(LostHome.withKeyring(endpoint, keyring), vault.restoreCredential())
                    .close();
        }
    }

    private void find(SiteAddress where) throws IOException, InterruptedException {
        try (HomeNode node = lost.node(lost.context("anew"))) {
            new KeyringSearch(node, lost.kit).find(where).keyring().close();
        }
    }

    private List<StateRebuild.Part> recover(HomeContext context, SiteAddress where)
            throws IOException, InterruptedException {
        Recovery recovery = new Recovery(context);
        FolderLock lock = recovery.begin();
        try (HomeNode node = lost.node(context);
                SecretBytes passphrase = passphrase()) {
            KeyringSearch.Found found = new KeyringSearch(node, lost.kit).find(where);
            try (Vault vault = recovery.hasVault()
                    ? recovery.openVault(found, lost.kit)
                    : recovery.makeVault(found, lost.kit, passphrase)) {
                List<StateRebuild.Part> parts = recovery.rebuild(node, vault, found, lost.progress());
                recovery.end();
                return parts;
            } finally {
                found.keyring().close();
            }
        } finally {
            lock.close();
        }
    }

    private List<StateRebuild.Part> rebuildHome() throws IOException, InterruptedException {
        try (Vault vault = lost.vault();
                HomeNode node = lost.node(lost.home())) {
            return new StateRebuild(node, vault, lost.progress())
                    .intoHome(new StateRebuild.Plan(
                            vault.datasets(), vault.datasets(), vault.sites().get(0)));
        }
    }

    private static SecretBytes passphrase() {
        return SecretBytes.of("another one".getBytes(StandardCharsets.UTF_8));
    }

    private static void assertSame(Path one, Path other) throws IOException {
        try (Stream<Path> walk = Files.walk(one);
                Stream<Path> there = Files.walk(other)) {
            List<Path> here = walk.toList();
            assertThat(there.count()).isEqualTo(here.size());
            for (Path path : here) {
                if (Files.isRegularFile(path)) {
                    assertThat(Files.mismatch(path, other.resolve(one.relativize(path))))
                            .as("bytes of " + path)
                            .isEqualTo(-1);
                }
            }
        }
    }

    private static void refused(Fault fault, ThrowingCallable attempt) {
        assertThatThrownBy(attempt)
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(fault));
    }
}
