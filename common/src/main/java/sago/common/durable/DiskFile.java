package sago.common.durable;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An open file. Force on the file that wrote: only what went through this object is promised. Thread-safe for writes and
 * reads at different positions.
 */
public interface DiskFile extends Closeable {
    /** Writes some of the remaining bytes at the position, at least one; advances the buffer, which is borrowed. */
    int write(ByteBuffer from, long position) throws IOException;

    /** Reads up to the remaining bytes from the position; advances the buffer, which is borrowed. Returns -1 at the end. */
    int read(ByteBuffer into, long position) throws IOException;

    long size() throws IOException;

    /** Cuts the file to this size if it is longer. */
    void truncate(long size) throws IOException;

    /**
     * Makes bytes and length durable.
     *
     * @throws sago.common.fault.FaultException DISK: nobody knows which bytes reached the disk, and a second force that succeeds
     *     would prove nothing. Whoever promised durability must stop and recover by reading again.
     */
    void force() throws IOException;

    /** Writes all remaining bytes. */
    default void writeFully(ByteBuffer from, long position) throws IOException {
        long at = position;
        while (from.hasRemaining()) {
            at += write(from, at);
        }
    }

    /** Fills the buffer; a file that is too short is an {@link EOFException}. */
    default void readFully(ByteBuffer into, long position) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            int read = read(into, at);
            if (read < 0) {
                throw new EOFException("file ends at " + at + ", " + into.remaining() + " bytes before its time");
            }
            at += read;
        }
    }
}
