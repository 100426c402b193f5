package sago.common.trust;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32C;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/**
 * A message as a short text that people copy: prefix, then base64url without padding of the message's bytes and 4 bytes
 * CRC32C of them. The checksum finds slips of the hand, not forgery; what makes it trusted are the fingerprint words.
 */
final class EnrolmentText {
    /** Characters of the longest text that is looked at. */
    static final int CHARS_MAX = 4096;

    private static final int CRC_BYTES = 4;

    private EnrolmentText() {}

    static String encode(String prefix, ByteString message) {
        byte[] bytes = message.toByteArray();
        byte[] checked = ByteBuffer.allocate(bytes.length + CRC_BYTES)
                .put(bytes)
                .putInt(crc(bytes))
                .array();
        return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(checked);
    }

    /** The message's bytes; white space, also that of a broken line, does not matter. {@code advice} says how to get a sound text. */
    static ByteString decode(String prefix, String text, String advice) throws FaultException {
        if (text.length() > CHARS_MAX) {
            throw damaged("it is longer than any such text", advice);
        }
        String joined = text.replaceAll("\\s", "");
        if (!joined.startsWith(prefix)) {
            throw damaged("it does not begin with " + prefix, advice);
        }
        byte[] checked;
        try {
            checked = Base64.getUrlDecoder().decode(joined.substring(prefix.length()));
        } catch (IllegalArgumentException e) {
            throw damaged("it holds characters that do not belong to it", advice);
        }
        if (checked.length < CRC_BYTES) {
            throw damaged("it is cut short", advice);
        }
        byte[] bytes = Arrays.copyOf(checked, checked.length - CRC_BYTES);
        if (ByteBuffer.wrap(checked).getInt(bytes.length) != crc(bytes)) {
            throw damaged("characters are missing or changed", advice);
        }
        return ByteString.copyFrom(bytes);
    }

    /** A fault of what stands in a text is a fault of whoever pasted it, unless the text is newer than this program. */
    static FaultException asUsage(FaultException fault, String advice) {
        return fault.fault() == Fault.VERSION
                ? fault
                : new FaultException(Fault.USAGE, fault.getMessage() + ". " + advice, fault);
    }

    private static FaultException damaged(String why, String advice) {
        return new FaultException(Fault.USAGE, "the text is damaged: " + why + ". " + advice);
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
