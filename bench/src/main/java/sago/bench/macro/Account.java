package sago.bench.macro;

import java.io.IOException;
import java.util.Collection;
import java.util.List;

/** Who belongs to a group of processes, and what CPU time all of them took, those that have ended among them. */
interface Account extends AutoCloseable {
    /** Words to put before a command so that it belongs to the group from its first instruction. */
    List<String> prefix();

    /** Processes of the group that live now. */
    Collection<Long> living() throws IOException;

    /** Seconds of CPU in user and kernel since the group was made. */
    double cpuS() throws IOException;

    /** Told of each process that was started for the group. */
    void started(long pid);

    /** Forgets the group; its processes have ended. */
    @Override
    void close() throws IOException;
}
