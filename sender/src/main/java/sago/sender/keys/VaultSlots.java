package sago.sender.keys;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.trust.Names;
import sago.sender.proto.KeySlot;
import sago.sender.proto.VaultFile;

/** Which slots a vault's file has: rules of their labels and number. From file to file; stateless. */
final class VaultSlots {
    /** Each passphrase that is tried costs a second: a wrong one must be told in bounded time. */
    private static final int SLOTS_MAX = 8;

    private VaultSlots() {}

    static List<SlotInfo> list(VaultFile file) throws FaultException {
        List<SlotInfo> slots = new ArrayList<>();
        for (KeySlot slot : file.getSlotsList()) {
            slots.add(new SlotInfo(label(slot), kind(slot), slot.getSince()));
        }
        return slots;
    }

    /** The label of a slot; one that an earlier version made is called what it is. */
    static String label(KeySlot slot) {
        if (!slot.getLabel().isEmpty()) {
            return slot.getLabel();
        }
        return switch (slot.getKind()) {
            case Slots.KIT -> SlotName.KIT;
            case Slots.PASSPHRASE -> SlotName.PASSPHRASE;
            default -> SlotName.KEY_FILE;
        };
    }

    /** USAGE unless a new slot may have this label. */
    static void requireNew(VaultFile file, String label) throws FaultException {
        Names.requireName("key", label);
        if (find(file, label).isPresent()) {
            throw new FaultException(
                    Fault.USAGE, "there is a key " + label + " already: take another label, or remove that one first");
        }
        if (file.getSlotsCount() >= SLOTS_MAX) {
            throw new FaultException(
                    Fault.USAGE, "this vault has " + SLOTS_MAX + " keys, as many as it may: remove one first");
        }
    }

    static VaultFile.Builder with(VaultFile file, KeySlot slot) {
        return file.toBuilder().addSlots(slot);
    }

    /** The file with a slot in the place of the one of its label. */
    static VaultFile.Builder replaced(VaultFile file, KeySlot slot) {
        VaultFile.Builder next = file.toBuilder();
        for (int i = 0; i < file.getSlotsCount(); i++) {
            if (label(file.getSlots(i)).equals(slot.getLabel())) {
                next.setSlots(i, slot);
            }
        }
        return next;
    }

    /** The file without a slot: never the kit's, never the last besides it. */
    static VaultFile.Builder without(VaultFile file, String label) throws FaultException {
        Names.requireName("key", label);
        KeySlot slot = find(file, label)
                .orElseThrow(() -> new FaultException(
                        Fault.NOT_FOUND, "no key has the label " + label + ": `sago key list` shows them"));
        if (slot.getKind() == Slots.KIT) {
            throw new FaultException(Fault.USAGE, "the kit stays: it is what restores everything when home is lost");
        }
        VaultFile.Builder next = file.toBuilder().clearSlots();
        file.getSlotsList().stream()
                .filter(other -> !label(other).equals(label))
                .forEach(next::addSlots);
        if (next.getSlotsList().stream().allMatch(other -> other.getKind() == Slots.KIT)) {
            throw new FaultException(
                    Fault.USAGE,
                    "that is the last key besides the kit: add another one first, or replace it with"
                            + " `sago key passphrase`");
        }
        return next;
    }

    /** The passphrase of a label; without one, the slot that opened the vault if it is a passphrase, or the only passphrase. */
    static KeySlot passphrase(VaultFile file, @Nullable String label, KeySlot openedBy) throws FaultException {
        List<KeySlot> all = file.getSlotsList().stream()
                .filter(slot -> slot.getKind() == Slots.PASSPHRASE)
                .toList();
        if (label != null) {
            return all.stream()
                    .filter(slot -> label(slot).equals(label))
                    .findFirst()
                    .orElseThrow(() -> new FaultException(
                            Fault.NOT_FOUND, "no passphrase has the label " + label + ": `sago key list` shows them"));
        }
        if (openedBy.getKind() == Slots.PASSPHRASE) {
            return openedBy;
        }
        if (all.size() != 1) {
            throw new FaultException(
                    Fault.USAGE,
                    all.isEmpty()
                            ? "this vault has no passphrase to replace: `sago key add` adds one"
                            : "this vault has several passphrases: name one with --label");
        }
        return all.get(0);
    }

    private static Optional<KeySlot> find(VaultFile file, String label) {
        return file.getSlotsList().stream()
                .filter(slot -> label(slot).equals(label))
                .findFirst();
    }

    private static SlotInfo.Kind kind(KeySlot slot) throws FaultException {
        return switch (slot.getKind()) {
            case Slots.KIT -> SlotInfo.Kind.KIT;
            case Slots.PASSPHRASE -> SlotInfo.Kind.PASSPHRASE;
            case Slots.KEY_FILE -> SlotInfo.Kind.KEY_FILE;
            default ->
                throw new FaultException(
                        Fault.VERSION,
                        "the vault has a key of kind " + slot.getKind() + ": update sago on this machine");
        };
    }
}
