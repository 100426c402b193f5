package sago.sender.source.posix;

import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Between paths and their bytes. A {@code Path} from a directory stream keeps the bytes of its name whatever the locale
 * is, but its text does not; so bytes never travel as text unless they are plain ASCII, and the rest goes percent-encoded
 * through a {@code file:} URI, which the JDK makes from the bytes and turns back into them. Any thread.
 */
public final class PathBytes {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private PathBytes() {}

    /** The bytes of an absolute path, or of a relative one as it stands. */
    public static byte[] of(Path path) {
        String text = path.toString();
        if (isPlain(text)) {
            return ascii(text);
        }
        byte[] bytes = percentDecoded(Path.of("/").resolve(path).toUri().getRawPath());
        // The URI of what is a folder now ends with a slash, which is not part of the path.
        int end = bytes[bytes.length - 1] == '/' && !text.endsWith("/") ? bytes.length - 1 : bytes.length;
        return Arrays.copyOfRange(bytes, path.isAbsolute() ? 0 : 1, end);
    }

    /** The bytes of the last name of a path; empty for {@code /}. */
    public static byte[] nameOf(Path path) {
        Path name = path.getFileName();
        return name == null ? new byte[0] : of(name);
    }

    /** The path with these bytes, which must be absolute and without NUL. */
    public static Path toPath(byte[] absolute) {
        if (absolute.length == 0 || absolute[0] != '/') {
            throw new IllegalArgumentException("not an absolute path");
        }
        if (isPlain(absolute)) {
            return Path.of(text(absolute));
        }
        return Path.of(URI.create("file://" + percentEncoded(absolute)));
    }

    /** What has this name in this folder. */
    public static Path resolve(Path folder, byte[] name) {
        if (isPlain(name)) {
            return folder.resolve(text(name));
        }
        byte[] absolute = new byte[name.length + 1];
        absolute[0] = '/';
        System.arraycopy(name, 0, absolute, 1, name.length);
        return folder.resolve(toPath(absolute).getFileName());
    }

    /** Printable ASCII looks the same in every character set that a Linux locale can have, and decodes from nothing else. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c > 0x7e) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0x20 || b > 0x7e) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String text) {
        byte[] bytes = new byte[text.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) text.charAt(i);
        }
        return bytes;
    }

    private static String text(byte[] plain) {
        char[] chars = new char[plain.length];
        for (int i = 0; i < chars.length; i++) {
            chars[i] = (char) plain[i];
        }
        return new String(chars);
    }

    private static String percentEncoded(byte[] bytes) {
        StringBuilder encoded = new StringBuilder(bytes.length * 3);
        for (byte b : bytes) {
            if (b == '/' || (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z')) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HEX[(b >> 4) & 0xf]).append(HEX[b & 0xf]);
            }
        }
        return encoded.toString();
    }

    private static byte[] percentDecoded(String encoded) {
        byte[] bytes = new byte[encoded.length()];
        int length = 0;
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                bytes[length++] = (byte)
                        (Character.digit(encoded.charAt(i + 1), 16) << 4 | Character.digit(encoded.charAt(i + 2), 16));
                i += 2;
            } else {
                bytes[length++] = (byte) c;
            }
        }
        return Arrays.copyOf(bytes, length);
    }
}
