package sago.sender.pack;

import java.util.List;
import sago.common.fault.FaultException;
import sago.common.pack.PackEntry;

/** Where sealed packs go: the window and the transmitter behind it. Thread-safe. */
public interface PackTransport {
    /** Waits for a free image: this is where backpressure reaches the source. */
    PackImage acquire() throws FaultException, InterruptedException;

    /** Slice {@code slice} of the image is sealed and may be sent. */
    void sliceReady(PackImage image, int slice) throws FaultException;

    /**
     * The pack is complete; every slice was handed over. Its records enter the index once the pack is durable.
     *
     * @param entry id, length and Merkle root
     */
    void complete(PackImage image, PackEntry entry, List<PackedChunk> chunks) throws FaultException;

    /** Gives back an image of which no slice was handed over. */
    void release(PackImage image);
}
