package sago.sender.pattern;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.tree.RawText;

/**
 * Matches one name. A name is read as UTF-8; a byte that is none counts as one character that only {@code *}, {@code ?} and {@code [!…]}
 * match. Immutable.
 */
public final class NamePattern {
    /** Any number of whole names: {@code **}. */
    static final NamePattern ANY = new NamePattern(new int[0], new boolean[0]);

    private final int[] characters;

    /** Which characters are to be taken as they are. */
    private final boolean[] quoted;

    /** Whether nothing in it is special. */
    private final boolean plain;

    private NamePattern(int[] characters, boolean[] quoted) {
        this.characters = characters;
        this.quoted = quoted;
        this.plain = isPlain(characters, quoted);
    }

    private static boolean isPlain(int[] characters, boolean[] quoted) {
        for (int i = 0; i < characters.length; i++) {
            if (!quoted[i] && (characters[i] == '*' || characters[i] == '?' || characters[i] == '[')) {
                return false;
            }
        }
        return true;
    }

    /** A pattern as a user writes it, in the text of {@link RawText}. */
    public static NamePattern parse(String name) throws FaultException {
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
    public @Nullable String literal() {
        return this == ANY || !plain ? null : new String(characters, 0, characters.length);
    }

    /** Characters of a name. */
    static int[] characters(byte[] name) {
        int[] characters = new int[name.length];
        for (int i = 0; i < name.length; i++) {
            if (name[i] < 0) {
                return RawText.of(name).codePoints().toArray();
            }
            characters[i] = name[i];
        }
        return characters;
    }

    /** Characters of a name, each as the small letter that it may be. */
    static int[] smallLetters(int[] characters) {
        int[] small = new int[characters.length];
        for (int i = 0; i < small.length; i++) {
            small[i] = Character.toLowerCase(characters[i]);
        }
        return small;
    }

    /** Whether the whole name matches; a star that failed is widened by one, so time is the product of the lengths at most. */
    boolean matches(int[] name) {
        if (plain) {
            return Arrays.equals(characters, name);
        }
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

    /** Whether the whole name, given by its bytes, matches. */
    public boolean matches(byte[] name) {
        return matches(characters(name));
    }

    /** The same pattern of small letters, for names that are made so too. */
    NamePattern ofSmallLetters() {
        return this == ANY ? this : new NamePattern(smallLetters(characters), quoted);
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
