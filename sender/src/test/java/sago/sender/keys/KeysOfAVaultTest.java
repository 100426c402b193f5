package sago.sender.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.id.VaultId;
import sago.common.secret.Hkdf;
import sago.common.secret.SecretBytes;
import sago.sender.proto.KeySlot;
import sago.sender.proto.VaultFile;

/** Several passphrases and key files. */
final class KeysOfAVaultTest {
    private final HomeContext home = TestHome.fresh();

    @Test
    void opensWithEachOfSeveralKeys() throws IOException {
        SecretBytes file = SecretBytes.random(32, TestHome.RANDOM);
        SecretBytes other = SecretBytes.random(32, TestHome.RANDOM);
        try (Vault vault = TestHome.create(home)) {
            vault.addPassphrase("deputy", TestHome.utf8("second one"), TestHome.CHEAP);
            vault.addKeyFile("safe", file);
            vault.addKeyFile("bank", other);
            assertThat(vault.slots())
                    .extracting(SlotInfo::label)
                    .containsExactly("kit", "passphrase", "deputy", "safe", "bank");
            assertThat(vault.slots()).extracting(SlotInfo::kind).contains(SlotInfo.Kind.KEY_FILE);
            assertThat(vault.slots()).allMatch(slot -> slot.since() > 0);
        }
        TestHome.open(home).close();
        Vault.open(home, new Unlock.Passphrase(TestHome.utf8("second one"))).close();
        Vault.open(home, new Unlock.KeyFile(file)).close();
        Vault.open(home, new Unlock.KeyFile(other)).close();
        TestHome.refuses(Fault.WRONG_KEY, () -> Vault.open(home, new Unlock.Passphrase(TestHome.utf8("third"))));
        TestHome.refuses(
                Fault.WRONG_KEY, () -> Vault.open(home, new Unlock.KeyFile(SecretBytes.random(32, TestHome.RANDOM))));
    }

    @Test
    void replacesThePassphraseThatOpenedIt() throws IOException {
        try (Vault vault = TestHome.create(home)) {
            vault.addPassphrase("deputy", TestHome.utf8("second one"), TestHome.CHEAP);
        }
        try (Vault vault = Vault.open(home, new Unlock.Passphrase(TestHome.utf8("second one")))) {
            assertThat(vault.changePassphrase(null, TestHome.utf8("newer"), TestHome.CHEAP))
                    .isEqualTo("deputy");
        }
        TestHome.open(home).close();
        TestHome.refuses(Fault.WRONG_KEY, () -> Vault.open(home, new Unlock.Passphrase(TestHome.utf8("second one"))));
        try (Vault vault = Vault.open(home, new Unlock.RecoveryKit(TestHome.kit()))) {
            TestHome.refuses(Fault.USAGE, () -> vault.changePassphrase(null, TestHome.utf8("newest"), TestHome.CHEAP));
            TestHome.refuses(
                    Fault.NOT_FOUND, () -> vault.changePassphrase("kit", TestHome.utf8("newest"), TestHome.CHEAP));
            vault.changePassphrase("passphrase", TestHome.utf8("newest"), TestHome.CHEAP);
            assertThat(vault.slots()).hasSize(3);
        }
        TestHome.refuses(Fault.WRONG_KEY, () -> TestHome.open(home));
        Vault.open(home, new Unlock.Passphrase(TestHome.utf8("newest"))).close();
    }

    @Test
    void keepsTheKitAndOneOther() throws IOException {
        try (Vault vault = TestHome.create(home)) {
            TestHome.refuses(Fault.USAGE, () -> vault.removeSlot("kit"));
            TestHome.refuses(Fault.USAGE, () -> vault.removeSlot("passphrase"));
            TestHome.refuses(Fault.NOT_FOUND, () -> vault.removeSlot("safe"));
            vault.addKeyFile("safe", SecretBytes.random(32, TestHome.RANDOM));
            vault.removeSlot("passphrase");
            TestHome.refuses(Fault.USAGE, () -> vault.removeSlot("safe"));
        }
        TestHome.refuses(Fault.WRONG_KEY, () -> TestHome.open(home));
    }

    @Test
    void holdsEightKeysWithOneNameEach() throws IOException {
        try (Vault vault = TestHome.create(home)) {
            SecretBytes file = SecretBytes.random(32, TestHome.RANDOM);
            for (String taken : new String[] {"kit", "passphrase"}) {
                TestHome.refuses(Fault.USAGE, () -> vault.addKeyFile(taken, file));
            }
            TestHome.refuses(Fault.USAGE, () -> vault.addKeyFile("No Name", file));
            for (int i = 2; i < 8; i++) {
                vault.addKeyFile("safe" + i, file);
            }
            TestHome.refuses(Fault.USAGE, () -> vault.addKeyFile("safe8", file));
            TestHome.refuses(Fault.USAGE, () -> vault.addPassphrase("more", TestHome.utf8("x y z"), TestHome.CHEAP));
            assertThat(vault.slots()).hasSize(8);
        }
    }

    @Test
    void bindsLabelAndAgeIntoTheSlot() throws IOException {
        TestHome.create(home).close();
        RecordFiles records = new RecordFiles(home.files());
        VaultFile sound = new VaultFiles(home).read();
        KeySlot slot = sound.getSlots(1);
        for (KeySlot changed : new KeySlot[] {
            slot.toBuilder().setLabel("other").build(),
            slot.toBuilder().setSince(1).build(),
            slot.toBuilder().clearLabel().clearSince().build()
        }) {
            records.write(
                    home.vaultFile(),
                    RecordKind.VAULT,
                    sound.toBuilder().setSlots(1, changed).build().toByteString());
            TestHome.refuses(Fault.WRONG_KEY, () -> TestHome.open(home));
        }
    }

    /** The context of docs/FORMAT.md, put together by hand; version 0.1 made slots without a name. */
    @Test
    void commitsToTheContextOfTheFormat() throws IOException {
        SecretBytes file = SecretBytes.random(32, TestHome.RANDOM);
        SecretBytes root = SecretBytes.random(32, TestHome.RANDOM);
        VaultId vault = new VaultId(1, 2);
        Slots slots = new Slots(vault, new Wrapping(TestHome.AEAD), TestHome.RANDOM);
        for (SlotName name : List.of(new SlotName("safe", 0x0102030405060708L), new SlotName("", 0))) {
            KeySlot slot = slots.forKeyFile(name, file, root);
            ByteBuffer info = ByteBuffer.allocate(100).put("sago/v1/slot/commit".getBytes(UTF_8));
            info.putLong(1)
                    .putLong(2)
                    .putInt(3)
                    .putInt(0)
                    .putInt(0)
                    .putInt(0)
                    .put(slot.getSalt().toByteArray());
            if (!name.label().isEmpty()) {
                info.putLong(name.since()).put(name.label().getBytes(UTF_8));
            }
            byte[] salt = slot.getSalt().toByteArray();
            byte[] key = Hkdf.sha256(salt, file.reveal(), "sago/v1/slot/key-file".getBytes(UTF_8), 32);
            byte[] whole = Arrays.copyOf(info.array(), info.position());
            assertThat(slot.getCommitment()).isEqualTo(ByteString.copyFrom(Hkdf.expandSha256(key, whole, 32)));
            OpenedSlot opened = slots.open(List.of(slot), new Unlock.KeyFile(file));
            assertThat(opened.root()).isEqualTo(root);
            assertThat(VaultSlots.label(opened.slot())).isEqualTo(name.label().isEmpty() ? "key-file" : "safe");
        }
    }
}
