package sago.sender.tree;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Bytes of names as text, and back, without loss: UTF-8, where each byte that is none stands as a lone surrogate from U+DC80 to U+DCFF. So what
 * a user names in arguments and files travels as text through code that knows nothing of bytes. Any thread.
 */
public final class RawText {
    private static final char FIRST = '\udc00';

    private RawText() {}

    /** The text of these bytes. */
    public static String of(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        for (int i = 0; i < bytes.length; ) {
            int length = sequenceLength(bytes, i);
            if (length == 0) {
                text.append((char) (FIRST + (bytes[i++] & 0xff)));
            } else {
                text.append(new String(bytes, i, length, StandardCharsets.UTF_8));
                i += length;
            }
        }
        return text.toString();
    }

    /** The bytes of this text. */
    public static byte[] bytes(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (isRawByte(c)) {
                bytes.write(c - FIRST);
            } else {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    /** Whether this code point stands for a byte that is no UTF-8. */
    public static boolean isRawByte(int codePoint) {
        return codePoint >= FIRST + 0x80 && codePoint <= FIRST + 0xff;
    }

    /** Bytes of the UTF-8 sequence here, 0 if there is none. */
    private static int sequenceLength(byte[] bytes, int at) {
        int lead = bytes[at] & 0xff;
        if (lead < 0x80) {
            return 1;
        }
        int length = lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : 4;
        if (lead < 0xc2 || lead > 0xf4 || at + length > bytes.length) {
            return 0;
        }
        for (int i = 1; i < length; i++) {
            if ((bytes[at + i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        int second = bytes[at + 1] & 0xff;
        boolean outside = (lead == 0xe0 && second < 0xa0)
                || (lead == 0xed && second > 0x9f)
                || (lead == 0xf0 && second < 0x90)
                || (lead == 0xf4 && second > 0x8f);
        return outside ? 0 : length;
    }
}
