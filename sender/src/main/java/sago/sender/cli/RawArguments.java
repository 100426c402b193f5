package sago.sender.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sago.sender.tree.RawText;

/**
 * The arguments of this process as they were given, byte for byte. The JVM decodes them by the locale, and what is no text there becomes question
 * marks that name no file. Any thread.
 */
final class RawArguments {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

    private RawArguments() {}

    /** These arguments in the text of {@link RawText}; as they are where the kernel's words do not fit to them. */
    static String[] of(String[] decoded) {
        try {
            return of(decoded, Files.readAllBytes(COMMAND_LINE));
        } catch (IOException e) {
            return decoded;
        }
    }

    static String[] of(String[] decoded, byte[] commandLine) {
        List<byte[]> words = words(commandLine);
        int first = words.size() - decoded.length;
        if (first < 0) {
            return decoded;
        }
        String[] raw = new String[decoded.length];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = RawText.of(words.get(first + i));
            // What is plain is the same in every locale; anything else means that these words are not those arguments.
            if (isPlain(decoded[i]) && !raw[i].equals(decoded[i])) {
                return decoded;
            }
        }
        return raw;
    }

    private static boolean isPlain(String text) {
        return StandardCharsets.US_ASCII.newEncoder().canEncode(text) && text.indexOf('?') < 0;
    }

    private static List<byte[]> words(byte[] commandLine) {
        List<byte[]> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < commandLine.length; i++) {
            if (commandLine[i] == 0) {
                words.add(Arrays.copyOfRange(commandLine, start, i));
                start = i + 1;
            }
        }
        return words;
    }
}
