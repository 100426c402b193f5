package sago.sender.upload;

import java.nio.ByteBuffer;
import sago.common.pack.PackEntry;

/** What a connection shall write next. */
sealed interface Work permits Work.Slice, Work.End, Work.Pause {
    /**
     * A slice to write; the image may not be reused before {@link Transmitter#written} was told of it.
     *
     * @param again whether its bytes were on a wire before
     */
    record Slice(OutboundPack pack, int index, int length, boolean again) implements Work {
        /** The slice's bytes, a view of the image. */
        ByteBuffer bytes() {
            return pack.image().buffer().slice(index * pack.sliceBytes(), length);
        }
    }

    /** The pack's end: every slice of it was handed to some connection. */
    record End(PackEntry entry) implements Work {}

    /** Nothing for so long, at least: the rate is limited. Always positive. */
    record Pause(long ns) implements Work {}
}
