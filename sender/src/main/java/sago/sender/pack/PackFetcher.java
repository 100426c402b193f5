package sago.sender.pack;

import java.nio.ByteBuffer;
import sago.common.fault.FaultException;
import sago.common.id.PackId;

/** Reads ciphertext of packs, from a site or from a folder. Thread-safe; several reads may be in flight. */
public interface PackFetcher {
    /**
     * Reads {@code into.remaining()} bytes of the pack file from {@code offset}: the header or whole segments, never less. Borrows
     * the buffer until it returns.
     */
    void fetch(PackId pack, int offset, ByteBuffer into) throws FaultException, InterruptedException;
}
