package sago.sender.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/** A short text on the command line: the text itself, a file that holds it, or {@code -} for standard input. Stateless. */
final class TextArgument {
    private static final int BYTES_MAX = 64 << 10;

    private TextArgument() {}

    /**
     * The text, without what stands around it.
     *
     * @param prefix how the text itself begins
     */
    static String read(String argument, String prefix, InputStream standardInput) throws IOException {
        if (argument.startsWith(prefix)) {
            return argument.strip();
        }
        if (argument.equals("-")) {
            return bounded(standardInput, "standard input");
        }
        try (InputStream in = Files.newInputStream(Path.of(argument))) {
            return bounded(in, argument);
        } catch (java.nio.file.NoSuchFileException | InvalidPathException e) {
            throw new FaultException(
                    Fault.USAGE,
                    "\"" + argument + "\" is neither a text that begins with " + prefix + " nor a file",
                    e);
        }
    }

    private static String bounded(InputStream in, String from) throws IOException {
        byte[] bytes = in.readNBytes(BYTES_MAX + 1);
        if (bytes.length > BYTES_MAX) {
            throw new FaultException(Fault.USAGE, from + " is too long to be such a text");
        }
        return new String(bytes, StandardCharsets.UTF_8).strip();
    }
}
