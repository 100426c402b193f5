package sago.common.time;

/** The machine's clocks: the only place that reads them. */
enum SystemClock implements Clock {
    INSTANCE;

    @Override
    public long wallMs() {
        return System.currentTimeMillis();
    }

    @Override
    public long monotonicNs() {
        return System.nanoTime();
    }
}
