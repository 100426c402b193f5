package sago.sender.checkpoint;

import com.google.protobuf.ByteString;
import sago.common.limits.Limits;

/** A record that has no number yet. Immutable. */
record Draft(RecordType type, ByteString payload) {
    Draft {
        if (payload.size() > Limits.CHECKPOINT_RECORD_BYTES_MAX - RecordLayout.HEADER_BYTES) {
            throw new IllegalArgumentException(type + " of " + payload.size() + " bytes");
        }
    }

    /** Bytes of the whole record. */
    int bytes() {
        return RecordLayout.HEADER_BYTES + payload.size();
    }
}
