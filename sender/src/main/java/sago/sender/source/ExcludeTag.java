package sago.sender.source;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.tree.RawText;

/**
 * A file whose presence says that nothing else in its folder is to be backed up, with restic's meaning: the folder and the file itself stay in
 * the snapshot. Immutable.
 */
public final class ExcludeTag {
    /** What programs put into folders that they can fill again: https://bford.info/cachedir/. */
    public static final ExcludeTag CACHES =
            new ExcludeTag(ascii("CACHEDIR.TAG"), ascii("Signature: 8a477f597d28d172789f06886806bc55"));

    private final byte[] name;
    private final byte[] header;

    private ExcludeTag(byte[] name, byte[] header) {
        this.name = name;
        this.header = header;
    }

    /**
     * A tag as a user writes it.
     *
     * @param text {@code NAME}, or {@code NAME:HEADER} where the file must begin with the header
     */
    public static ExcludeTag parse(String text) throws FaultException {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        if (name.isEmpty() || name.contains("/") || name.equals(".") || name.equals("..")) {
            throw new FaultException(
                    Fault.USAGE,
                    "\"" + text + "\" names no file whose presence excludes a folder: use NAME or NAME:HEADER");
        }
        return new ExcludeTag(RawText.bytes(name), RawText.bytes(colon < 0 ? "" : text.substring(colon + 1)));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Name of the file: borrowed. */
    byte[] name() {
        return name;
    }

    /** How the file must begin, maybe with nothing: borrowed. */
    byte[] header() {
        return header;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ExcludeTag tag && Arrays.equals(name, tag.name) && Arrays.equals(header, tag.header);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(name);
    }
}
