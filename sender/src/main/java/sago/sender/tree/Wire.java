package sago.sender.tree;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Message;
import java.io.IOException;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/**
 * What every message of a tree must satisfy. The rule for unknown fields is that of {@link sago.common.sign.UnknownFields}, which looks at
 * every field by reflection; a walk over millions of entries would feel that, so here each message is looked at where it is
 * read. Any thread.
 */
final class Wire {
    static final int FORMAT = 1;

    /** A tag is a field number and, in these low bits, how the field is written. */
    static final int TYPE_BITS = 3;

    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int BYTES = 2;

    /** Field numbers below this are critical: whoever does not know one cannot read the message. */
    private static final int CRITICAL_FIELDS = 1000;

    private Wire() {}

    /** Refuses a message with a critical field that this version does not know. Looks at this level only. */
    static void refuseUnknown(Message message) throws FaultException {
        for (int field : message.getUnknownFields().asMap().keySet()) {
            refuseUnknown(message.getDescriptorForType().getName(), field);
        }
    }

    /** Refuses a field that this version does not know if it is a critical one. */
    static void refuseUnknown(String message, int field) throws FaultException {
        if (field < CRITICAL_FIELDS) {
            throw new FaultException(
                    Fault.VERSION,
                    "the snapshot holds " + message + " with field " + field
                            + ", which this version does not know: use a newer one");
        }
    }

    /** Skips a field that this version does not know, unless it is a critical one or not a field at all. */
    static void skipUnknown(String message, int tag, CodedInputStream from) throws IOException {
        refuseUnknown(message, tag >>> TYPE_BITS);
        if (!from.skipField(tag)) {
            throw NodeDecoder.corrupt("a group ends that did not begin");
        }
    }
}
