package sago.common.time;

/** Time, as seen by the process. Comes by constructor, so that tests can hold another one. */
public interface Clock {
    /** Milliseconds since the epoch: for printing and for what others may read, never for order. */
    long wallMs();

    /** Nanoseconds of a clock that only goes forward: for durations. */
    long monotonicNs();

    /** The clocks of the machine. */
    static Clock system() {
        return SystemClock.INSTANCE;
    }
}
