package sago.sender.backup;

import java.util.Arrays;
import sago.common.fault.FaultException;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.ChunkWriter;

/** Has nodes of the tree counted and lists written down as they are stored. Confined to the tree thread. */
final class CountingChunkWriter implements ChunkWriter {
    private final ChunkWriter writer;
    private final PackUse use;
    private final HomeRoom room;

    CountingChunkWriter(ChunkWriter writer, PackUse use, HomeRoom room) {
        this.writer = writer;
        this.use = use;
        this.room = room;
    }

    @Override
    public ChunkRef write(ChunkKind kind, byte[] bytes, int offset, int length)
            throws FaultException, InterruptedException {
        ChunkRef ref = writer.write(kind, bytes, offset, length);
        switch (kind) {
            case TREE -> use.node(ref);
            case LIST -> room.await(() -> use.list(ref, Arrays.copyOfRange(bytes, offset, offset + length)));
            case DATA -> throw new IllegalStateException("data is not written by the tree thread");
        }
        return ref;
    }
}
