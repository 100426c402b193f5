package sago.common.sign;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Map;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/**
 * Field numbers below 1000 are critical: a reader that skipped one it does not know could do the opposite of what the writer
 * meant. Fields from 1000 on may be skipped. Stateless; any thread.
 */
public final class UnknownFields {
    private static final int FIRST_OPTIONAL = 1000;

    private UnknownFields() {}

    /** VERSION if the message, or any message inside it, carries a critical field that this version does not know. */
    public static void refuse(Message message) throws FaultException {
        for (int number : message.getUnknownFields().asMap().keySet()) {
            if (number < FIRST_OPTIONAL) {
                throw new FaultException(
                        Fault.VERSION,
                        message.getDescriptorForType().getName() + " carries field " + number
                                + ", which this version does not know: update sago on this side");
            }
        }
        for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
            if (field.getKey().getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                refuseIn(field.getValue());
            }
        }
    }

    private static void refuseIn(Object value) throws FaultException {
        if (value instanceof List<?> list) {
            for (Object element : list) {
                refuse((Message) element);
            }
        } else {
            refuse((Message) value);
        }
    }
}
