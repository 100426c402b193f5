package sago.sender.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordSearchTest {
    private static final int BUFFER = 1 << 20;

    @TempDir
    private Path folder;

    private final WordSearch search = new WordSearch(List.of("needle-in-hay", "another-needle"));

    private Path put(String name, int at, int length) throws IOException {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 'n');
        byte[] word = "needle-in-hay".getBytes(StandardCharsets.UTF_8);
        System.arraycopy(word, 0, bytes, at, word.length);
        return Files.write(folder.resolve(name), bytes);
    }

    @Test
    void findsAWordAtEveryPlaceAroundABuffersEnd() throws IOException {
        for (int at = BUFFER - 20; at < BUFFER + 8; at++) {
            Path file = put("hay", at, BUFFER + 100);
            assertThat(search.findBelow(folder)).as("at " + at).containsExactly("needle-in-hay");
            Files.delete(file);
        }
    }

    @Test
    void findsAWordAtTheStartAndEndOfAFile() throws IOException {
        Files.delete(put("start", 0, 100));
        put("end", 100 - 13, 100);
        assertThat(search.findBelow(folder)).containsExactly("needle-in-hay");
    }

    @Test
    void findsAWordInAName() throws IOException {
        Files.createDirectory(folder.resolve("x-another-needle-y"));
        assertThat(search.findBelow(folder)).containsExactly("another-needle");
    }

    @Test
    void findsNothingInNearMisses() throws IOException {
        Files.writeString(folder.resolve("a"), "needle-in-ha needle-in-haX nother-needle");
        Files.write(folder.resolve("empty"), new byte[0]);
        assertThat(search.findBelow(folder)).isEmpty();
    }
}
