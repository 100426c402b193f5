package sago.sender.upload;

import java.util.List;
import sago.common.fault.FaultException;
import sago.common.pack.PackEntry;
import sago.sender.pack.PackedChunk;

/** Notes at home what the site holds durably. Called on the acknowledgement thread only, in the order of arrival. */
@FunctionalInterface
public interface DurableListener {
    /**
     * The site forced and journalled this pack. The pack's ciphertext is given up when this returns.
     *
     * @param keepUntil until when the site keeps it without a commit, in seconds since the epoch
     * @throws FaultException when it cannot be noted; the session ends with it
     */
    void packDurable(PackEntry entry, List<PackedChunk> chunks, long keepUntil) throws FaultException;
}
