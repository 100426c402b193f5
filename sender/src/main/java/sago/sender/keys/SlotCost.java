package sago.sender.keys;

/**
 * Cost of Argon2id. Bounded both ways: a vault file is input, and a changed one must not take the machine's memory or hours.
 *
 * @param memoryKib memory in KiB, from 8 for each lane to 1 GiB
 * @param passes 1 to 16
 * @param lanes 1 to 16
 */
public record SlotCost(int memoryKib, int passes, int lanes) {
    /** The second recommendation of RFC 9106: fits the memory of a small machine. */
    public static final SlotCost DEFAULT = new SlotCost(64 << 10, 3, 4);

    private static final int MEMORY_KIB_MAX = 1 << 20;
    private static final int PASSES_MAX = 16;
    private static final int LANES_MAX = 16;

    public SlotCost {
        if (lanes < 1
                || lanes > LANES_MAX
                || passes < 1
                || passes > PASSES_MAX
                || memoryKib < 8 * lanes
                || memoryKib > MEMORY_KIB_MAX) {
            throw new IllegalArgumentException(
                    "Argon2id with " + memoryKib + " KiB, " + passes + " passes and " + lanes + " lanes");
        }
    }
}
