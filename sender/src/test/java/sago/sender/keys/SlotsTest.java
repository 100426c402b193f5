package sago.sender.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.List;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.VaultId;
import sago.common.secret.SecretBytes;
import sago.sender.proto.KeySlot;
import sago.sender.seal.KemKeyPair;

final class SlotsTest {
    private final Slots slots = new Slots(new VaultId(1, 2), new Wrapping(TestHome.AEAD), TestHome.RANDOM);
    private final SecretBytes root = SecretBytes.random(32, TestHome.RANDOM);
    private final Unlock right = new Unlock.Passphrase(TestHome.passphrase());
    private final Unlock wrong = new Unlock.Passphrase(TestHome.utf8("correct hors"));
    private final KeySlot slot = passphraseSlot();

    @Test
    void opensWithPassphraseKeyFileAndKit() throws FaultException {
        SecretBytes file = SecretBytes.random(100, TestHome.RANDOM);
        try (Kit kit = TestHome.kit();
                KemKeyPair pair = kit.keyPair()) {
            List<KeySlot> all = List.of(
                    slots.forKit(name("kit"), pair.publicKey(), root), slot, slots.forKeyFile(name("usb"), file, root));
            assertThat(slots.open(all, right).root()).isEqualTo(root);
            assertThat(slots.open(all, new Unlock.KeyFile(file)).root()).isEqualTo(root);
            assertThat(slots.open(all, new Unlock.RecoveryKit(kit)).root()).isEqualTo(root);
        }
    }

    @Test
    void tellsAWrongPassphraseFromDamage() {
        TestHome.refuses(Fault.WRONG_KEY, () -> slots.open(List.of(slot), wrong));
        for (int bit = 0; bit < slot.getWrappedRoot().size() * 8; bit += 13) {
            byte[] changed = slot.getWrappedRoot().toByteArray();
            changed[bit >> 3] ^= (byte) (1 << (bit & 7));
            KeySlot damaged = slot.toBuilder()
                    .setWrappedRoot(ByteString.copyFrom(changed))
                    .build();
            TestHome.refuses(Fault.INTEGRITY, () -> slots.open(List.of(damaged), right));
        }
        KeySlot cut = slot.toBuilder().setWrappedRoot(ByteString.EMPTY).build();
        TestHome.refuses(Fault.INTEGRITY, () -> slots.open(List.of(cut), right));
    }

    @Test
    void tellsADamagedKitSlot() throws FaultException {
        try (Kit kit = TestHome.kit();
                KemKeyPair pair = kit.keyPair()) {
            KeySlot sound = slots.forKit(name("kit"), pair.publicKey(), root);
            byte[] changed = sound.getWrappedRoot().toByteArray();
            changed[changed.length - 1] ^= 1;
            KeySlot damaged = sound.toBuilder()
                    .setWrappedRoot(ByteString.copyFrom(changed))
                    .build();
            TestHome.refuses(Fault.INTEGRITY, () -> slots.open(List.of(damaged), new Unlock.RecoveryKit(kit)));
            KeySlot exchanged =
                    slots.forKit(name("kit"), pair.publicKey(), SecretBytes.random(32, TestHome.RANDOM)).toBuilder()
                            .setCommitment(sound.getCommitment())
                            .build();
            TestHome.refuses(Fault.INTEGRITY, () -> slots.open(List.of(exchanged), new Unlock.RecoveryKit(kit)));
        }
    }

    @Test
    void bindsASlotToItsVault() {
        Slots other = new Slots(new VaultId(1, 3), new Wrapping(TestHome.AEAD), TestHome.RANDOM);
        TestHome.refuses(Fault.WRONG_KEY, () -> other.open(List.of(slot), right));
    }

    @Test
    void capsWhatAFileMayAskArgonFor() {
        refusesCost(slot.toBuilder().setMemoryKib((1 << 20) + 1));
        refusesCost(slot.toBuilder().setMemoryKib(-1));
        refusesCost(slot.toBuilder().setMemoryKib(7));
        refusesCost(slot.toBuilder().setPasses(17));
        refusesCost(slot.toBuilder().setPasses(0));
        refusesCost(slot.toBuilder().setLanes(17).setMemoryKib(1024));
        refusesCost(slot.toBuilder().setLanes(0));
        assertThat(new SlotCost(1 << 20, 16, 16)).isNotNull();
        assertThatThrownBy(() -> new SlotCost(1 << 20, 16, 17)).isInstanceOf(IllegalArgumentException.class);
        assertThat(SlotCost.DEFAULT).isEqualTo(new SlotCost(65_536, 3, 4));
    }

    @Test
    void refusesWeakSecrets() {
        TestHome.refuses(
                Fault.USAGE, () -> slots.forPassphrase(name("passphrase"), TestHome.utf8(""), TestHome.CHEAP, root));
        TestHome.refuses(Fault.USAGE, () -> slots.forKeyFile(name("usb"), SecretBytes.of(new byte[31]), root));
    }

    @Test
    void saysWhenAVaultHasNoSuchSlot() {
        Unlock file = new Unlock.KeyFile(SecretBytes.of(new byte[32]));
        TestHome.refuses(Fault.WRONG_KEY, () -> slots.open(List.of(slot), file));
    }

    private void refusesCost(KeySlot.Builder changed) {
        TestHome.refuses(Fault.LIMIT, () -> slots.open(List.of(changed.build()), right));
    }

    private static SlotName name(String label) {
        return new SlotName(label, 1_700_000_000);
    }

    private KeySlot passphraseSlot() {
        try {
            return slots.forPassphrase(name("passphrase"), TestHome.passphrase(), TestHome.CHEAP, root);
        } catch (FaultException e) {
            throw new AssertionError(e);
        }
    }
}
