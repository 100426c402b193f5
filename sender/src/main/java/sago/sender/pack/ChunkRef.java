package sago.sender.pack;

import sago.common.id.PackId;
import sago.common.limits.Limits;

/**
 * Where a chunk lies.
 *
 * @param offset of the record (its header) in the opened bytes of the pack
 * @param stored length of the chunk as stored
 * @param raw length after decompression
 * @param check first 8 bytes of the chunk id
 */
public record ChunkRef(PackId pack, int offset, int stored, int raw, long check) {
    public ChunkRef {
        if (offset < 0 || stored < 0 || raw < 0 || raw > Limits.CHUNK_BYTES_MAX || stored > raw) {
            throw new IllegalArgumentException("chunk at " + offset + ", " + stored + " of " + raw + " bytes");
        }
    }

    /** Bytes of the opened pack that the chunk takes, with all that stands beside it there. */
    public int footprint() {
        return RecordLayout.footprint(stored);
    }
}
