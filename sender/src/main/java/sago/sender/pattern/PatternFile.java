package sago.sender.pattern;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;
import sago.sender.tree.RawText;

/** Lines that a user keeps in a file: one pattern or path each; blank ones and those that begin with {@code #} are skipped. Any thread. */
public final class PatternFile {
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private PatternFile() {}

    /** The lines of a file, in the text of {@link RawText}, without space around them. */
    public static List<String> read(Path path) throws FaultException {
        try {
            if (Files.size(path) > Limits.PATTERN_FILE_BYTES_MAX) {
                throw new FaultException(
                        Fault.USAGE,
                        path + " is larger than " + (Limits.PATTERN_FILE_BYTES_MAX >> 20)
                                + " MiB: no list of patterns");
            }
            return lines(Files.readAllBytes(path));
        } catch (NoSuchFileException e) {
            throw new FaultException(Fault.USAGE, "there is no file " + path, e);
        } catch (FaultException e) {
            throw e;
        } catch (IOException e) {
            throw new FaultException(Fault.USAGE, "cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    /** The lines in these bytes. */
    public static List<String> lines(byte[] bytes) {
        String text = RawText.of(bytes);
        List<String> lines = new ArrayList<>();
        String mark = RawText.of(BYTE_ORDER_MARK);
        for (String line : (text.startsWith(mark) ? text.substring(mark.length()) : text).split("\n", -1)) {
            String stripped = line.strip();
            if (!stripped.isEmpty() && !stripped.startsWith("#")) {
                lines.add(stripped);
            }
        }
        return lines;
    }
}
