package sago.sender.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import sago.common.durable.SimDisk;
import sago.common.fault.Fault;
import sago.common.id.DatasetId;
import sago.common.id.SessionId;
import sago.common.secret.SecretBytes;
import sago.common.trust.KeyringTerms;
import sago.common.trust.Keyrings;
import sago.sender.seal.SealedSession;
import sago.sender.seal.SessionKeys;
import sago.sender.seal.SessionScope;

/** A home that comes back from a keyring and the kit. */
final class RecoveryTest {
    private static final long SKIPPED = 1 << 20;

    private final HomeContext lost = TestHome.fresh();
    private final SimDisk disk = new SimDisk(Path.of("/h"));
    private final HomeContext fresh = TestHome.on(disk);

    @Test
    void bringsBackKeysSitesDatasetsAndSenders() throws IOException {
        SealedSession session;
        StoredKeyring keyring;
        long sequence;
        try (Vault vault = TestHome.create(lost)) {
            vault.addSite(TestHome.SG, TestHome.ADDRESS, TestHome.INTERNAL);
            vault.createDataset("logs", "internal");
            DatasetId users = vault.createDataset("users", "internal");
            sequence = vault.addSender("web", "logs", null, false)
                    .grants()
                    .get(0)
                    .terms()
                    .sequence();
            try (SenderHome sender = SenderHome.open(lost)) {
                keyring = sender.newestKeyring();
                session = SessionKeys.create(
                        new SessionScope(vault.id(), users, 1, new SessionId(4, 4)),
                        sender.dataset("users").grant().publicKey(),
                        TestHome.RANDOM);
            }
        }
        try (Vault vault = recover(keyring.envelope())) {
            assertThat(vault.keyringCounter()).isEqualTo(keyring.counter() + 1);
            assertThat(vault.senderKeys()).hasSize(3);
            assertThat(vault.senders())
                    .singleElement()
                    .satisfies(sender -> assertThat(sender.datasets()).containsExactly("logs"));
            try (SecretBytes key = vault.openSession(session.header())) {
                assertThat(key).isEqualTo(session.key());
            }
        }
        try (SenderHome sender = SenderHome.open(fresh);
                SenderHome before = SenderHome.open(lost)) {
            KeyringTerms next = Keyrings.verify(sender.newestKeyring().envelope(), before.identity());
            assertThat(next.previous()).isEqualTo(Keyrings.hash(keyring.envelope()));
            assertThat(next.kitVersion()).isEqualTo(1);
            assertThat(sender.dataset("users").grant().sequence()).isGreaterThan(sequence + SKIPPED - 10);
            assertThat(sender.signingKey().verifyingKey())
                    .isNotEqualTo(before.signingKey().verifyingKey());
            assertThat(sender.dataset("users").signers())
                    .contains(before.signingKey().verifyingKey());
            assertThat(sender.movedTo("logs")).contains("web");
            assertThat(sender.siteNames()).containsExactly("sg");
        }
        TestHome.open(fresh).close();
        Vault.open(fresh, new Unlock.RecoveryKit(TestHome.kit())).close();
    }

    @Test
    void opensAKeyringOnlyWithItsKit() throws IOException {
        ByteString keyring = keyring();
        try (Kit other = Kit.generate(TestHome.RANDOM)) {
            TestHome.refuses(Fault.PEER_REFUSED, () -> OpenedKeyring.open(keyring, other));
            TestHome.refuses(
                    Fault.PEER_REFUSED,
                    () -> Vault.recover(fresh, other, keyring, TestHome.passphrase(), TestHome.CHEAP));
        }
        assertThat(fresh.hasVault()).isFalse();
        assertThat(fresh.hasSender()).isFalse();
        try (OpenedKeyring opened = OpenedKeyring.open(keyring, TestHome.kit())) {
            assertThat(opened.counter()).isEqualTo(3);
            assertThat(opened.kitVersion()).isEqualTo(1);
            assertThat(opened.sites()).hasSize(1);
            assertThat(opened.datasets()).hasSize(1);
            assertThat(opened.senderKeys()).hasSize(1);
        }
    }

    @Test
    void refusesAFolderThatIsSomethingElse() throws IOException {
        ByteString keyring = keyring();
        TestHome.refuses(Fault.USAGE, () -> recoverIn(lost, keyring).close());
        HomeContext other = TestHome.fresh();
        TestHome.create(other).close();
        other.files().delete(other.vaultFile());
        TestHome.refuses(Fault.USAGE, () -> recoverIn(other, keyring).close());
    }

    @Test
    void goesOnWithASenderThatSurvived() throws IOException {
        ByteString keyring = keyring();
        ByteString grant;
        try (SenderHome sender = SenderHome.open(lost)) {
            grant = sender.dataset("users").grantEnvelope();
        }
        lost.files().delete(lost.vaultFile());
        recoverIn(lost, keyring).close();
        try (SenderHome sender = SenderHome.open(lost)) {
            assertThat(sender.dataset("users").grantEnvelope()).isEqualTo(grant);
        }
    }

    @Test
    void leavesNoVaultOrAWholeOneWhereRecoveringWasCut() throws IOException {
        ByteString keyring = keyring();
        recover(keyring).close();
        int operations = disk.operations().size();
        assertThat(operations).isGreaterThan(10);
        for (int at = 0; at <= operations; at++) {
            SimDisk cut = new SimDisk(Path.of("/h"));
            cut.failAt(at, SimDisk.Failure.CRASH);
            try {
                recoverIn(TestHome.on(cut), keyring).close();
            } catch (IOException powerIsOff) {
                assertThat(cut.isOff()).isTrue();
            }
            HomeContext home = TestHome.on(cut.crash(at));
            if (!home.hasVault()) {
                recoverIn(home, keyring).close();
            }
            try (Vault vault = Vault.open(home, new Unlock.RecoveryKit(TestHome.kit()))) {
                vault.publish();
                try (SenderHome sender = SenderHome.open(home)) {
                    assertThat(sender.dataset("users").grant().sequence()).isGreaterThan(SKIPPED);
                    assertThat(sender.newestKeyring().counter())
                            .isEqualTo(vault.keyringCounter())
                            .isGreaterThanOrEqualTo(4);
                }
            }
        }
    }

    @Test
    void verifiesAKitAgainstVaultAndSender() throws IOException {
        keyring();
        KitCheck check = KitCheck.of(lost, TestHome.kit());
        assertThat(check.opensVault()).isTrue();
        assertThat(check.keyringCounter()).isEqualTo(3);
        try (Kit other = Kit.generate(TestHome.RANDOM)) {
            TestHome.refuses(Fault.WRONG_KEY, () -> KitCheck.of(lost, other));
            lost.files().delete(lost.vaultFile());
            TestHome.refuses(Fault.PEER_REFUSED, () -> KitCheck.of(lost, other));
        }
        assertThat(KitCheck.of(lost, TestHome.kit()).opensVault()).isFalse();
        TestHome.refuses(Fault.NO_VAULT, () -> KitCheck.of(fresh, TestHome.kit()));
    }

    private ByteString keyring() throws IOException {
        try (Vault vault = TestHome.create(lost)) {
            vault.addSite(TestHome.SG, TestHome.ADDRESS, TestHome.INTERNAL);
            vault.createDataset("users", "internal");
            return vault.keyring();
        }
    }

    private Vault recover(ByteString keyring) throws IOException {
        return recoverIn(fresh, keyring);
    }

    private static Vault recoverIn(HomeContext home, ByteString keyring) throws IOException {
        try (Kit kit = TestHome.kit()) {
            return Vault.recover(home, kit, keyring, TestHome.passphrase(), TestHome.CHEAP);
        }
    }
}
