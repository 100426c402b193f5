package sago.sender.pack;

import java.util.List;
import sago.common.id.SessionId;

/**
 * What header and table of a pack say.
 *
 * @param session whose key opened it
 * @param chunks its records, in their order
 */
public record PackTail(SessionId session, List<PackedChunk> chunks) {
    public PackTail {
        chunks = List.copyOf(chunks);
    }
}
