package sago.sender.pack;

import java.util.ArrayList;
import java.util.List;

/**
 * How far ahead of the readers of one pack it pays to fetch: not at all after a jump, as for a chunk that many files share, and further with
 * each segment that a reader goes on. Several workers that read parts of one pack are told from each other by where they read. Thread-safe.
 */
final class ReadPattern {
    private static final int READERS_MAX = 8;

    /** The last one to read first. */
    private final List<Reader> readers = new ArrayList<>(READERS_MAX);

    ReadPattern() {
        // A pack that is read from its front is likely read to its end.
        readers.add(new Reader());
    }

    private static final class Reader {
        /** The segment behind the one that was read last. */
        private int next;

        private int ahead;

        boolean isAt(int segment) {
            return segment == next || segment == next - 1;
        }
    }

    /**
     * Notes an access to segments, first to last.
     *
     * @param frontAhead segments worth having when a pack is read from its front
     * @param aheadMax segments worth having at most
     * @return segments from the first on that are worth having
     */
    synchronized int note(int first, int last, int frontAhead, int aheadMax) {
        Reader reader = reader(first);
        if (last >= reader.next && reader.isAt(first)) {
            reader.ahead = Math.min(aheadMax, reader.next == 0 ? frontAhead : Math.max(2, 4 * reader.ahead));
        }
        reader.next = last + 1;
        return reader.ahead;
    }

    /** The one that is at this segment; where there is none, a new one that has just come there. */
    private Reader reader(int segment) {
        for (int i = 0; i < readers.size(); i++) {
            if (readers.get(i).isAt(segment)) {
                Reader reader = readers.remove(i);
                readers.add(0, reader);
                return reader;
            }
        }
        if (readers.size() == READERS_MAX) {
            readers.remove(READERS_MAX - 1);
        }
        Reader fresh = new Reader();
        fresh.next = -1;
        readers.add(0, fresh);
        return fresh;
    }
}
