package sago.sender.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;
import sago.common.durable.SimDisk;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.SessionId;
import sago.common.id.VaultId;
import sago.common.protocol.ClientRole;
import sago.common.secret.SecretBytes;
import sago.common.time.Clock;
import sago.common.trust.ClientGrants;
import sago.common.trust.GrantPinTerms;
import sago.common.trust.KeyringTerms;
import sago.common.trust.Keyrings;
import sago.common.trust.SiteGrants;
import sago.common.trust.SiteTerms;
import sago.sender.proto.KeyringContent;
import sago.sender.proto.VaultFile;
import sago.sender.seal.SealedSession;
import sago.sender.seal.SessionKeys;
import sago.sender.seal.SessionScope;

final class VaultTest {
    private final SimDisk disk = new SimDisk(Path.of("/h"));
    private final HomeContext home = TestHome.on(disk);

    @Test
    void opensWithPassphraseAndWithKitAndWithNothingElse() throws IOException {
        TestHome.refuses(Fault.NO_VAULT, () -> TestHome.open(home));
        VaultId id;
        try (Vault vault = TestHome.create(home)) {
            id = vault.id();
        }
        try (Vault vault = TestHome.open(home);
                Vault byKit = Vault.open(home, new Unlock.RecoveryKit(TestHome.kit()))) {
            assertThat(vault.id()).isEqualTo(id).isEqualTo(byKit.id());
        }
        TestHome.refuses(
                Fault.WRONG_KEY, () -> Vault.open(home, new Unlock.Passphrase(TestHome.utf8("Correct horse"))));
        TestHome.refuses(
                Fault.WRONG_KEY, () -> Vault.open(home, new Unlock.RecoveryKit(Kit.generate(TestHome.RANDOM))));
        TestHome.refuses(Fault.USAGE, () -> TestHome.create(home));
    }

    @Test
    void changesPassphraseAndKeyFileWhileTheKitStays() throws IOException {
        SecretBytes file = SecretBytes.random(64, TestHome.RANDOM);
        try (Vault vault = TestHome.create(home)) {
            assertThat(vault.changePassphrase(null, TestHome.utf8("another"), TestHome.CHEAP))
                    .isEqualTo("passphrase");
            vault.addKeyFile("usb", file);
        }
        TestHome.refuses(Fault.WRONG_KEY, () -> TestHome.open(home));
        Vault.open(home, new Unlock.Passphrase(TestHome.utf8("another"))).close();
        Vault.open(home, new Unlock.KeyFile(file)).close();
        Vault.open(home, new Unlock.RecoveryKit(TestHome.kit())).close();
    }

    @Test
    void opensSessionsThatTheSenderSealed() throws IOException {
        try (Vault vault = TestHome.create(home)) {
            DatasetId id = vault.createDataset("users", "internal");
            SessionScope scope = new SessionScope(vault.id(), id, 1, new SessionId(1, 1));
            ByteString publicKey;
            try (SenderHome sender = SenderHome.open(home)) {
                DatasetKeys keys = sender.dataset("users");
                publicKey = keys.grant().publicKey();
                assertThat(vault.idKey(id)).isEqualTo(keys.idKey());
            }
            SealedSession session = SessionKeys.create(scope, publicKey, TestHome.RANDOM);
            try (SecretBytes opened = vault.openSession(session.header())) {
                assertThat(opened).isEqualTo(session.key());
            }
            SessionScope stranger = new SessionScope(vault.id(), new DatasetId(9, 9), 1, new SessionId(1, 1));
            ByteString foreign =
                    SessionKeys.create(stranger, publicKey, TestHome.RANDOM).header();
            TestHome.refuses(Fault.WRONG_KEY, () -> vault.openSession(foreign));
            TestHome.refuses(Fault.NOT_FOUND, () -> vault.idKey(new DatasetId(9, 9)));
        }
    }

    @Test
    void tellsTheSiteWhatItWillBeShown() throws IOException {
        try (Vault vault = TestHome.create(home);
                SenderHome sender = SenderHome.open(home)) {
            GrantPinTerms pin = vault.addSite(TestHome.SG, TestHome.ADDRESS, TestHome.INTERNAL);
            ByteString grant = sender.site("sg").siteGrant();
            SiteTerms terms = SiteGrants.verify(grant, pin, TestHome.identity(1));
            assertThat(terms.classes()).containsExactly("internal");
            assertThat(terms.kitTlsSpki())
                    .isEqualTo(TestHome.kit()
                            .tlsIdentity(TestHome.RANDOM, Clock.system())
                            .spki());
            assertThat(vault.addSite(TestHome.SG, TestHome.ADDRESS, TestHome.INTERNAL))
                    .isEqualTo(pin);
            assertThat(vault.keyringCounter()).isEqualTo(2);
            assertThat(vault.sites()).isEqualTo(sender.sites());
        }
    }

    @Test
    void grantsEachDatasetAtTheSitesThatMayHoldItsClass() throws IOException {
        try (Vault vault = TestHome.create(home);
                SenderHome sender = SenderHome.open(home)) {
            vault.addSite(TestHome.SG, TestHome.ADDRESS, List.of("internal", "personal"));
            vault.createDataset("logs", "internal");
            vault.createDataset("users", "personal");
            vault.addSite(TestHome.HK, new SiteAddress("hk.example", 7443), TestHome.INTERNAL);
            DatasetKeys logs = sender.dataset("logs");
            DatasetKeys users = sender.dataset("users");
            assertThat(logs.grant().sites()).hasSize(2).containsEntry(TestHome.HK.site(), "HK");
            assertThat(users.grant().sites()).hasSize(1).containsEntry(TestHome.SG.site(), "SG");
            assertThat(logs.grant().sequence()).isNotEqualTo(users.grant().sequence());
            assertThat(sender.datasetNames()).containsExactly("logs", "users");
            assertThat(sender.siteNames()).containsExactly("hk", "sg");
            logs.grant().requireAllowedAt(sender.site("hk").terms());
            TestHome.refuses(
                    Fault.PEER_REFUSED,
                    () -> users.grant().requireAllowedAt(sender.site("hk").terms()));
        }
    }

    @Test
    void refusesNamesThatAreTakenOrNoNames() throws IOException {
        try (Vault vault = TestHome.create(home)) {
            vault.addSite(TestHome.SG, TestHome.ADDRESS, TestHome.INTERNAL);
            DatasetId id = vault.createDataset("users", "internal");
            assertThat(vault.createDataset("users", "internal")).isEqualTo(id);
            TestHome.refuses(Fault.USAGE, () -> vault.createDataset("users", "personal"));
            TestHome.refuses(Fault.USAGE, () -> vault.createDataset("../users", "internal"));
            TestHome.refuses(Fault.USAGE, () -> vault.createDataset("u", "In ternal"));
            TestHome.refuses(
                    Fault.USAGE,
                    () -> vault.addSite(TestHome.request(3, "sg", "SG"), TestHome.ADDRESS, TestHome.INTERNAL));
            TestHome.refuses(
                    Fault.USAGE,
                    () -> vault.addSite(TestHome.request(1, "sg2", "SG"), TestHome.ADDRESS, TestHome.INTERNAL));
        }
    }

    @Test
    void sealsEveryChangeToTheKitInAChainOfKeyrings() throws IOException {
        try (Vault vault = TestHome.create(home);
                SenderHome sender = SenderHome.open(home)) {
            StoredKeyring first = sender.newestKeyring();
            DatasetId id = vault.createDataset("users", "internal");
            StoredKeyring second = sender.newestKeyring();
            assertThat(first.counter()).isEqualTo(1);
            assertThat(second.counter()).isEqualTo(2).isEqualTo(vault.keyringCounter());
            KeyringTerms terms = Keyrings.verify(second.envelope(), vault.identity());
            assertThat(terms.previous()).isEqualTo(Keyrings.hash(first.envelope()));
            KeyringContent content = KeyringSeals.open(second.envelope(), TestHome.kit());
            assertThat(content.getDatasets(0).getDataset()).isEqualTo(ByteString.copyFrom(id.toBytes()));
            assertThat(content.getRootKey().size()).isEqualTo(32);
            assertThat(content.getSendersList()).hasSize(1);
            assertThat(vault.senderKeys()).containsExactly(sender.signingKey().verifyingKey());
        }
    }

    @Test
    void refusesAKeyringThatAnotherKitOrHomeMadeUp() throws IOException {
        HomeContext forger = TestHome.fresh();
        TestHome.create(home).close();
        try (Kit other = Kit.generate(TestHome.RANDOM);
                Vault vault = Vault.create(forger, other, TestHome.passphrase(), TestHome.CHEAP);
                SenderHome sender = SenderHome.open(forger)) {
            assertThat(vault.keyringCounter()).isEqualTo(1);
            ByteString forged = sender.newestKeyring().envelope();
            TestHome.refuses(Fault.PEER_REFUSED, () -> KeyringSeals.open(forged, TestHome.kit()));
        }
    }

    @Test
    void handsOutARestoreCredentialThatSitesAccept() throws IOException {
        try (Vault vault = TestHome.create(home)) {
            vault.addSite(TestHome.SG, TestHome.ADDRESS, TestHome.INTERNAL);
            ClientCredential credential = vault.restoreCredential();
            SiteTerms site = vault.sites().get(0).terms();
            assertThat(credential.role()).isEqualTo(ClientRole.RESTORE);
            ClientGrants.verifyAtSite(
                    credential.grantEnvelope(),
                    site,
                    credential.tls().spki(),
                    ClientRole.RESTORE.wireId(),
                    home.nowSeconds());
        }
    }

    @Test
    void detectsEveryFlippedBitOfTheVault() throws IOException {
        TestHome.create(home).close();
        long bits = home.files().read(home.vaultFile(), 1 << 20).length * 8L;
        for (long bit = 0; bit < bits; bit += 61) {
            disk.flip(home.vaultFile(), bit);
            TestHome.refuses(Fault.INTEGRITY, () -> TestHome.open(home));
            disk.flip(home.vaultFile(), bit);
        }
        TestHome.open(home).close();
    }

    @Test
    void refusesPublicFieldsThatSomebodyRewrote() throws IOException {
        TestHome.create(home).close();
        RecordFiles records = new RecordFiles(home.files());
        VaultFile sound = new VaultFiles(home).read();
        byte[] otherKit = new byte[1216];
        for (VaultFile changed : List.of(
                sound.toBuilder().setKitPublicKey(ByteString.copyFrom(otherKit)).build(),
                sound.toBuilder()
                        .setKitTlsSpki(ByteString.copyFrom(new byte[32]))
                        .build(),
                sound.toBuilder().setKeyringCounter(7).build(),
                sound.toBuilder().setGrantSequence(99).build(),
                sound.toBuilder().setKeyring(ByteString.EMPTY).build(),
                sound.toBuilder().setAnchor(ByteString.copyFrom(new byte[32])).build())) {
            records.write(home.vaultFile(), RecordKind.VAULT, changed.toByteString());
            TestHome.refuses(Fault.INTEGRITY, () -> TestHome.open(home));
        }
        records.write(
                home.vaultFile(),
                RecordKind.VAULT,
                sound.toBuilder().setFormat(2).build().toByteString());
        TestHome.refuses(Fault.VERSION, () -> TestHome.open(home));
    }

    @Test
    void makesAnotherSenderWhereTheOldOneIsGone() throws IOException {
        try (Vault vault = TestHome.create(home)) {
            vault.addSite(TestHome.SG, TestHome.ADDRESS, TestHome.INTERNAL);
            vault.createDataset("users", "internal");
        }
        for (Path file :
                List.of(home.identityFile(), home.keyringFile(), home.siteFile("sg"), home.datasetFile("users"))) {
            home.files().delete(file);
        }
        TestHome.refuses(Fault.NO_VAULT, () -> SenderHome.open(home));
        try (Vault vault = TestHome.open(home)) {
            vault.publish();
            try (SenderHome sender = SenderHome.open(home)) {
                assertThat(sender.dataset("users").grant().sites()).hasSize(1);
                assertThat(sender.sites()).hasSize(1);
                assertThat(vault.senderKeys())
                        .hasSize(2)
                        .contains(sender.signingKey().verifyingKey());
            }
            int before = disk.operations().size();
            vault.publish();
            assertThat(disk.operations()).hasSize(before);
        }
    }

    @Test
    void refusesToMixTwoHomes() throws IOException {
        HomeContext other = TestHome.fresh();
        TestHome.create(home).close();
        TestHome.create(other).close();
        byte[] foreign = other.files().read(other.identityFile(), 1 << 20);
        home.files().atomicWrite(home.identityFile(), foreign);
        try (Vault vault = TestHome.open(home)) {
            TestHome.refuses(Fault.PEER_REFUSED, vault::publish);
        }
    }

    @Test
    void refusesToMakeAVaultInAFolderOfASenderThatHasData() throws IOException {
        try (Vault vault = TestHome.create(home)) {
            vault.createDataset("users", "internal");
        }
        home.files().delete(home.vaultFile());
        TestHome.refuses(Fault.USAGE, () -> TestHome.create(home));
    }

    @Test
    void keepsFilesToTheirOwner(@TempDir Path folder) throws IOException {
        HomeContext real = new HomeContext(
                folder.resolve("home"), new DurableFiles(Disk.real()), TestHome.RANDOM, Clock.system(), TestHome.AEAD);
        try (Vault vault = TestHome.create(real)) {
            vault.addSite(TestHome.SG, TestHome.ADDRESS, TestHome.INTERNAL);
            vault.createDataset("users", "internal");
        }
        try (Stream<Path> all = Files.walk(real.folder())) {
            for (Path path : all.toList()) {
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
                assertThat(mode).as(path.toString()).isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
            }
        }
    }

    @Test
    void writesNoSecretInClear() throws IOException {
        try (Vault vault = TestHome.create(home)) {
            DatasetId id = vault.createDataset("users", "internal");
            byte[] file = home.files().read(home.vaultFile(), 1 << 20);
            try (SecretBytes key = vault.idKey(id)) {
                assertThat(ByteString.copyFrom(file).toStringUtf8()).doesNotContain("users");
                assertThat(indexOf(file, key.reveal())).isNegative();
            }
        }
    }

    private static int indexOf(byte[] bytes, byte[] wanted) {
        for (int i = 0; i + wanted.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }

    @Test
    void saysNothingSecretWhenAsked() throws IOException {
        try (Vault vault = TestHome.create(home)) {
            assertThat(vault).hasToString("Vault[" + vault.id() + "]");
        }
    }

    @Test
    void namesTheFaultOfAMissingVault() {
        try {
            TestHome.open(home);
        } catch (FaultException e) {
            assertThat(e.fault().exitCode()).isEqualTo(10);
            assertThat(e).hasMessageContaining("sago init");
            return;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("a vault was opened that is not there");
    }
}
