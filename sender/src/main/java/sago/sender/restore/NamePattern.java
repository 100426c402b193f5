package sago.sender.restore;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/**
 * Matches one name. A name is read as UTF-8; a byte that is none counts as one character that only {@code *}, {@code ?} and {@code [!…]}
 * match. Immutable.
 */
final class NamePattern {
    /** Any number of whole names: {@code **}. */
    static final NamePattern ANY = new NamePattern(new int[0], new boolean[0]);

    /** Bytes that are no UTF-8 lie above all code points. */
    private static final int RAW_BYTE = Character.MAX_CODE_POINT + 1;

    private final int[] characters;

    /** Which characters are to be taken as they are. */
    private final boolean[] quoted;

    private NamePattern(int[] characters, boolean[] quoted) {
        this.characters = characters;
        this.quoted = quoted;
    }

    static NamePattern parse(String name) throws FaultException {
        int[] all = name.codePoints().toArray();
        int[] characters = new int[all.length];
        boolean[] quoted = new boolean[all.length];
        int length = 0;
        for (int i = 0; i < all.length; i++) {
            boolean escape = all[i] == '\\' && i + 1 < all.length;
            quoted[length] = escape;
            characters[length++] = escape ? all[++i] : all[i];
        }
        NamePattern pattern = new NamePattern(Arrays.copyOf(characters, length), Arrays.copyOf(quoted, length));
        for (int i = 0; i < length; i++) {
            if (pattern.is(i, '[')) {
                i = pattern.setEnd(i);
                if (i < 0) {
                    throw new FaultException(Fault.USAGE, "a pattern opens [ and never closes it: " + name);
                }
            }
        }
        return pattern;
    }

    /** The only name that this matches, or null if there may be several. */
    @Nullable
    String literal() {
        if (this == ANY) {
            return null;
        }
        for (int i = 0; i < characters.length; i++) {
            if (is(i, '*') || is(i, '?') || is(i, '[')) {
                return null;
            }
        }
        return new String(characters, 0, characters.length);
    }

    /** Characters of a name. */
    static int[] characters(byte[] name) {
        int[] characters = new int[name.length];
        int length = 0;
        for (int i = 0; i < name.length; ) {
            int bytes = sequenceLength(name, i);
            characters[length++] = bytes == 0 ? RAW_BYTE + (name[i] & 0xff) : decode(name, i, bytes);
            i += Math.max(1, bytes);
        }
        return Arrays.copyOf(characters, length);
    }

    /** Bytes of the UTF-8 sequence here, 0 if there is none. */
    private static int sequenceLength(byte[] name, int at) {
        int lead = name[at] & 0xff;
        int length = lead < 0x80 ? 1 : lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : 4;
        if ((lead >= 0x80 && lead < 0xc2) || lead > 0xf4 || at + length > name.length) {
            return 0;
        }
        for (int i = 1; i < length; i++) {
            if ((name[at + i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    private static int decode(byte[] name, int at, int length) {
        int value = length == 1 ? name[at] : name[at] & (0xff >> (length + 1));
        for (int i = 1; i < length; i++) {
            value = value << 6 | (name[at + i] & 0x3f);
        }
        return value;
    }

    /** Whether the whole name matches; a star that failed is widened by one, so time is the product of the lengths at most. */
    boolean matches(int[] name) {
        int at = 0;
        int i = 0;
        int starAt = -1;
        int starName = 0;
        while (i < name.length) {
            if (at < characters.length && is(at, '*')) {
                starAt = at++;
                starName = i;
            } else if (at < characters.length && matchesOne(at, name[i])) {
                at = is(at, '[') ? setEnd(at) + 1 : at + 1;
                i++;
            } else if (starAt >= 0) {
                at = starAt + 1;
                i = ++starName;
            } else {
                return false;
            }
        }
        while (at < characters.length && is(at, '*')) {
            at++;
        }
        return at == characters.length;
    }

    private boolean matchesOne(int at, int character) {
        if (is(at, '?')) {
            return true;
        }
        if (!is(at, '[')) {
            return characters[at] == character;
        }
        int end = setEnd(at);
        boolean not = is(at + 1, '!') || is(at + 1, '^');
        boolean found = false;
        for (int i = not ? at + 2 : at + 1; i < end; i++) {
            boolean range = i + 2 < end && is(i + 1, '-');
            int high = range ? characters[i + 2] : characters[i];
            found |= character >= characters[i] && character <= high;
            i = range ? i + 2 : i;
        }
        return found != not;
    }

    /** Position of the bracket that closes the set opened here; -1 if none does. The first character of a set may be a bracket. */
    private int setEnd(int open) {
        int first = open + 1;
        if (first < characters.length && (is(first, '!') || is(first, '^'))) {
            first++;
        }
        for (int i = first + 1; i < characters.length; i++) {
            if (is(i, ']')) {
                return i;
            }
        }
        return -1;
    }

    private boolean is(int at, char special) {
        return characters[at] == special && !quoted[at];
    }
}
