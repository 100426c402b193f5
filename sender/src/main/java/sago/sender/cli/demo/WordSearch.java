package sago.sender.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Looks for many words at once, in the bytes and in the names of all files below a folder. Words have 8 bytes or more; a set of the first
 * two bytes passes almost everything by. Confined to one thread.
 */
final class WordSearch {
    private static final int PREFIX_BYTES = 8;
    private static final int BUFFER_BYTES = 1 << 20;

    private final Map<Long, byte[]> wordsByPrefix = new HashMap<>();
    private final BitSet firstTwoBytes = new BitSet(1 << 16);
    private final int wordBytesMax;

    WordSearch(Collection<String> words) {
        int longest = 0;
        for (String word : words) {
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            if (bytes.length < PREFIX_BYTES) {
                throw new IllegalArgumentException("shorter than " + PREFIX_BYTES + " bytes: " + word);
            }
            if (wordsByPrefix.put(prefix(bytes, 0), bytes) != null) {
                throw new IllegalArgumentException("begins like another: " + word);
            }
            firstTwoBytes.set(firstTwo(bytes, 0));
            longest = Math.max(longest, bytes.length);
        }
        this.wordBytesMax = longest;
    }

    /** The words that occur in a file's bytes or name. */
    Set<String> findBelow(Path folder) throws IOException {
        Set<String> found = new HashSet<>();
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.toList();
        }
        for (Path file : files) {
            byte[] name = folder.relativize(file).toString().getBytes(StandardCharsets.UTF_8);
            scan(name, name.length, found);
            if (Files.isRegularFile(file)) {
                findIn(file, found);
            }
        }
        return found;
    }

    private void findIn(Path file, Set<String> found) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        int kept = 0;
        try (InputStream in = Files.newInputStream(file)) {
            int read;
            while ((read = in.readNBytes(buffer, kept, buffer.length - kept)) > 0) {
                int length = kept + read;
                scan(buffer, length, found);
                kept = Math.min(length, wordBytesMax - 1);
                System.arraycopy(buffer, length - kept, buffer, 0, kept);
            }
        }
    }

    private void scan(byte[] bytes, int length, Set<String> found) {
        for (int i = 0; i + PREFIX_BYTES <= length; i++) {
            if (firstTwoBytes.get(firstTwo(bytes, i))) {
                byte[] word = wordsByPrefix.get(prefix(bytes, i));
                if (word != null
                        && i + word.length <= length
                        && Arrays.equals(word, 0, word.length, bytes, i, i + word.length)) {
                    found.add(new String(word, StandardCharsets.UTF_8));
                }
            }
        }
    }

    private static int firstTwo(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
    }

    private static long prefix(byte[] bytes, int at) {
        long value = 0;
        for (int i = 0; i < PREFIX_BYTES; i++) {
            value = value << 8 | (bytes[at + i] & 0xff);
        }
        return value;
    }
}
