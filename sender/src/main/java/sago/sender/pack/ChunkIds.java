package sago.sender.pack;

import java.nio.ByteBuffer;
import sago.common.secret.Hmac;
import sago.common.secret.SecretBytes;

/** Names chunks: HMAC-SHA-256 under the dataset's id key over the kind's byte and the chunk. Confined to one thread. */
public final class ChunkIds {
    private final Hmac hmac;
    private final byte[] id = new byte[ChunkId.BYTES];
    private final ByteBuffer read = ByteBuffer.wrap(id);

    /** Borrows the key. */
    public ChunkIds(SecretBytes idKey) {
        hmac = new Hmac(idKey);
    }

    /** Borrows the bytes. */
    public ChunkId of(ChunkKind kind, byte[] bytes, int offset, int length) {
        hmac.update((byte) kind.wireId());
        hmac.update(bytes, offset, length);
        hmac.finish(id, 0);
        return ChunkId.read(read.clear());
    }
}
