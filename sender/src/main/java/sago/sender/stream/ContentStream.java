package sago.sender.stream;

import java.io.IOException;
import sago.common.fault.FaultException;

/** Bytes that come once. Confined to one thread, which can be interrupted at any time. */
public interface ContentStream extends AutoCloseable {
    /** Where streams come from. */
    @FunctionalInterface
    interface Opener {
        /**
         * Begins. The caller closes it.
         *
         * @throws FaultException FATAL where there is no such stream, or not any more
         */
        ContentStream open() throws FaultException;
    }

    /**
     * Reads at least one byte, at most {@code room}, into the buffer from {@code at} on; -1 at the end.
     *
     * @throws IOException where reading fails: then nothing that was read may count
     */
    int read(byte[] into, int at, int room) throws IOException, InterruptedException;

    /**
     * After the end: returns if it was the proper end.
     *
     * @throws FaultException FATAL if not: then nothing that was read may count
     */
    void requireWhole() throws FaultException, InterruptedException;

    /** Ends whatever makes the bytes; waits for that a moment, even if interrupted. */
    @Override
    void close();
}
