package sago.bench.plan;

/** Figures for what was not measured: wide, and named in the plan's notes. From machines of 2 cores (bench/results). */
final class Assumed {
    /** A JVM starts, opens catalog and index, shakes hands, commits. */
    static final Range START_S = new Range(1.0, 1.8, 4.0);

    /** A new entry: open, read, table, tree node. */
    static final Range NEW_ENTRY_S = new Range(30e-6, 60e-6, 120e-6);

    /** An entry that is as it was: look at it, compare with the last tree, write the new one. */
    static final Range WALK_ENTRY_S = new Range(8e-6, 15e-6, 30e-6);

    /** An entry that is restored: make it, set owner, mode, times. */
    static final Range RESTORED_ENTRY_S = new Range(50e-6, 100e-6, 250e-6);

    /** Stored for each byte of plaintext: logs under zstd to incompressible. */
    static final Range STORED_SHARE = new Range(0.35, 0.65, 1.01);

    /** Exponent of the cores: 2 do the work of 1.7, 1.87 or 2. */
    static final Range SCALING = new Range(0.77, 0.9, 1.0);

    /** A whole system costs so many times the sum of its steps, where only the steps were measured. */
    static final Range LOSS_FACTOR = new Range(1.0, 1.15, 1.4);

    /** A restore from the steps of a backup alone. */
    static final Range RESTORE_FACTOR = new Range(0.7, 1.15, 1.8);

    /** No figure is surer than this: a machine's speed differs so much from hour to hour. */
    static final double SPREAD_MIN = 0.10;

    private Assumed() {}
}
