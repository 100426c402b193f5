package sago.sender.pack;

import java.nio.ByteBuffer;
import sago.common.id.PackId;

/**
 * The bytes of one pack file while it is sealed, sent and awaits its acknowledgement. The buffer belongs to the window; the
 * sealing thread writes it front to back, and a slice that was handed over with {@link PackTransport#sliceReady} is
 * never written again.
 *
 * @param id a fresh random id
 * @param buffer direct, capacity the size of a full pack
 */
public record PackImage(PackId id, ByteBuffer buffer) {
    /** The window owns the buffer: two images are the same only if they are one pack. */
    @Override
    public boolean equals(Object other) {
        return other instanceof PackImage image && image.id.equals(id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }
}
