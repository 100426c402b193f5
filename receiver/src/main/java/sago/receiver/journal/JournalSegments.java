package sago.receiver.journal;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/** Names of journal files: the sequence of the first record in 16 hexadecimal digits. */
final class JournalSegments {
    private static final String SUFFIX = ".journal";
    private static final int DIGITS = 16;

    private JournalSegments() {}

    static String name(long firstSequence) {
        return HexFormat.of().toHexDigits(firstSequence) + SUFFIX;
    }

    static long firstSequence(String name) {
        return HexFormat.fromHexDigitsToLong(name.substring(0, DIGITS));
    }

    /** The files of a journal in order. */
    static List<String> list(JournalSettings settings) throws IOException {
        List<String> names = settings.disk().list(settings.folder());
        for (String name : names) {
            if (!name.matches("[0-9a-f]{16}\\.journal")) {
                throw new FaultException(
                        Fault.INTEGRITY,
                        settings.folder().resolve(name)
                                + " does not belong in a journal: move it elsewhere, then start again");
            }
        }
        return names;
    }
}
