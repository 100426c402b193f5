package sago.sender.index;

/** The logs whose rows a segment holds, from the first to the last. A merged segment holds those of all that went into it. */
record LogRange(long first, long last) {
    LogRange {
        if (first < 0 || last < first) {
            throw new IllegalArgumentException("logs " + first + " to " + last);
        }
    }

    static LogRange of(long log) {
        return new LogRange(log, log);
    }

    boolean holds(long log) {
        return first <= log && log <= last;
    }

    boolean holds(LogRange other) {
        return first <= other.first && other.last <= last;
    }
}
