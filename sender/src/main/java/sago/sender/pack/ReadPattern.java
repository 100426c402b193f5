package sago.sender.pack;

/**
 * How far ahead of the readers of one pack it pays to fetch: not at all after a jump, as for a chunk that many files share, and further with
 * each segment that they go on. Thread-safe.
 */
final class ReadPattern {
    /** The segment behind the one that was read last. A pack that is read from its front is likely read to its end. */
    private int next;

    private int ahead;

    /**
     * Notes an access to segments, first to last.
     *
     * @param frontAhead segments worth having when a pack is read from its front
     * @param aheadMax segments worth having at most
     * @return segments from the first on that are worth having
     */
    synchronized int note(int first, int last, int frontAhead, int aheadMax) {
        boolean goesOn = last >= next && (first == next || first == next - 1);
        if (goesOn) {
            ahead = Math.min(aheadMax, next == 0 ? frontAhead : Math.max(2, 4 * ahead));
        } else if (first != next - 1) {
            ahead = 0;
        }
        next = last + 1;
        return ahead;
    }
}
