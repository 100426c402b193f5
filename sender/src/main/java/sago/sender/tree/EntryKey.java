package sago.sender.tree;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import sago.common.limits.Limits;

/**
 * Sort key of an entry: its absolute path without the leading {@code /}, each {@code /} replaced by 0x00, compared as
 * unsigned bytes, so that what a folder holds stands together after it. The empty key is {@code /} itself. A key can
 * only be made of clean names: none empty, none {@code .} or {@code ..}, none with a {@code /} or longer than 255 bytes.
 * Immutable.
 */
public final class EntryKey implements Comparable<EntryKey> {
    /** The key of {@code /}. */
    public static final EntryKey ROOT = new EntryKey(new byte[0]);

    private static final byte SEPARATOR = 0;

    private final byte[] bytes;

    private EntryKey(byte[] owned) {
        this.bytes = owned;
    }

    /** The key in these bytes, which are copied; refuses what is not the key of a clean path. */
    public static EntryKey of(byte[] bytes) {
        return checked(bytes.clone());
    }

    /** The key of an absolute path, for example {@code /usr/lib}; repeated or trailing slashes are refused. */
    public static EntryKey ofPath(byte[] path) {
        if (path.length == 0 || path[0] != '/') {
            throw new IllegalArgumentException("not an absolute path");
        }
        byte[] key = Arrays.copyOfRange(path, 1, path.length);
        for (int i = 0; i < key.length; i++) {
            if (key[i] == SEPARATOR) {
                throw new IllegalArgumentException("path with a NUL byte");
            }
            if (key[i] == '/') {
                key[i] = SEPARATOR;
            }
        }
        return checked(key);
    }

    /** Takes ownership of the bytes. */
    static EntryKey checked(byte[] owned) {
        if (owned.length == 0) {
            return ROOT;
        }
        if (owned.length >= Limits.PATH_BYTES_MAX) {
            throw new IllegalArgumentException("path of " + owned.length + " bytes is too long");
        }
        int start = 0;
        for (int i = 0; i <= owned.length; i++) {
            if (i == owned.length || owned[i] == SEPARATOR) {
                checkName(owned, start, i);
                start = i + 1;
            } else if (owned[i] == '/') {
                throw new IllegalArgumentException("name with a slash");
            }
        }
        return new EntryKey(owned);
    }

    private static void checkName(byte[] key, int start, int end) {
        int length = end - start;
        boolean dots = length <= 2 && length > 0 && key[start] == '.' && key[end - 1] == '.';
        if (length == 0 || dots) {
            throw new IllegalArgumentException(dots ? "name of dots" : "empty name");
        }
        if (length > Limits.FILE_NAME_BYTES_MAX) {
            throw new IllegalArgumentException("name of " + length + " bytes is too long");
        }
    }

    /** The key of what has this name in this folder. */
    public EntryKey child(byte[] name) {
        for (byte b : name) {
            if (b == SEPARATOR) {
                throw new IllegalArgumentException("name with a NUL byte");
            }
        }
        int prefix = bytes.length == 0 ? 0 : bytes.length + 1;
        byte[] key = Arrays.copyOf(bytes, prefix + name.length);
        System.arraycopy(name, 0, key, prefix, name.length);
        return name.length == 0 ? checked(new byte[] {SEPARATOR}) : checked(key);
    }

    /** The key of the folder that this lies in; {@code /} lies in itself. */
    public EntryKey parent() {
        int end = bytes.length - 1;
        while (end > 0 && bytes[end] != SEPARATOR) {
            end--;
        }
        return end <= 0 ? ROOT : new EntryKey(Arrays.copyOf(bytes, end));
    }

    /** The last name of the path; empty for {@code /}. */
    public byte[] name() {
        int start = bytes.length;
        while (start > 0 && bytes[start - 1] != SEPARATOR) {
            start--;
        }
        return Arrays.copyOfRange(bytes, start, bytes.length);
    }

    /** Names in the path: 0 for {@code /}. */
    public int depth() {
        int depth = bytes.length == 0 ? 0 : 1;
        for (byte b : bytes) {
            if (b == SEPARATOR) {
                depth++;
            }
        }
        return depth;
    }

    /** Whether this is the folder itself or lies anywhere below it. */
    public boolean isWithin(EntryKey folder) {
        int length = folder.bytes.length;
        return length == 0
                || (bytes.length >= length
                        && Arrays.equals(bytes, 0, length, folder.bytes, 0, length)
                        && (bytes.length == length || bytes[length] == SEPARATOR));
    }

    /** The absolute path, byte for byte. */
    public byte[] path() {
        byte[] path = new byte[bytes.length + 1];
        path[0] = '/';
        for (int i = 0; i < bytes.length; i++) {
            path[i + 1] = bytes[i] == SEPARATOR ? (byte) '/' : bytes[i];
        }
        return path;
    }

    /** Leading bytes that both keys share. */
    int sharedWith(EntryKey other) {
        int shared = Arrays.mismatch(bytes, other.bytes);
        return shared < 0 ? bytes.length : shared;
    }

    /** The bytes themselves, for this package: borrowed, never changed. */
    byte[] raw() {
        return bytes;
    }

    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public int compareTo(EntryKey other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EntryKey key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The path for people: control characters, and bytes that are no UTF-8, are shown so that no terminal acts on them. */
    @Override
    public String toString() {
        String text = new String(path(), StandardCharsets.UTF_8);
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                shown.append(String.format("\\u%04x", c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }
}
