package sago.sender.tree;

import com.google.protobuf.Message;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/**
 * What every message of a tree must satisfy. The rule for unknown fields is that of {@link sago.common.sign.UnknownFields}, which looks at
 * every field by reflection; a walk over millions of entries would feel that, so here each message is looked at where it is
 * read. Any thread.
 */
final class Wire {
    static final int FORMAT = 1;

    /** Field numbers below this are critical: whoever does not know one cannot read the message. */
    private static final int CRITICAL_FIELDS = 1000;

    private Wire() {}

    /** Refuses a message with a critical field that this version does not know. Looks at this level only. */
    static void refuseUnknown(Message message) throws FaultException {
        for (int field : message.getUnknownFields().asMap().keySet()) {
            if (field < CRITICAL_FIELDS) {
                throw new FaultException(
                        Fault.VERSION,
                        "the snapshot holds " + message.getDescriptorForType().getName() + " with field " + field
                                + ", which this version does not know: use a newer one");
            }
        }
    }
}
