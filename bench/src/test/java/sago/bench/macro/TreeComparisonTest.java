package sago.bench.macro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeComparisonTest {
    @TempDir
    private Path folder;

    private Path original;
    private Path copy;

    @BeforeEach
    void twoEqualTrees() throws IOException {
        original = tree("a");
        copy = tree("b");
    }

    private Path tree(String name) throws IOException {
        Path top = Files.createDirectories(folder.resolve(name));
        Files.createDirectories(top.resolve("empty"));
        Files.writeString(top.resolve("file"), "content");
        Files.setLastModifiedTime(top.resolve("file"), FileTime.fromMillis(1_700_000_000_000L));
        Files.createSymbolicLink(top.resolve("link"), Path.of("file"));
        return top;
    }

    @Test
    void equalTreesAreEqual() throws IOException {
        assertThat(TreeComparison.keepsAttributes(original, copy)).isTrue();
    }

    @Test
    void timesAndEmptyFoldersAreAttributes() throws IOException {
        Files.setLastModifiedTime(copy.resolve("file"), FileTime.fromMillis(1_600_000_000_000L));
        assertThat(TreeComparison.keepsAttributes(original, copy)).isFalse();
        Path third = tree("c");
        Files.delete(third.resolve("empty"));
        assertThat(TreeComparison.keepsAttributes(original, third)).isFalse();
    }

    @Test
    void seesOtherBytes() throws IOException {
        Files.writeString(copy.resolve("file"), "cOntent");
        assertThatThrownBy(() -> TreeComparison.keepsAttributes(original, copy))
                .hasMessageContaining("restored with other bytes");
    }

    @Test
    void seesAnotherLink() throws IOException {
        Files.delete(copy.resolve("link"));
        Files.createSymbolicLink(copy.resolve("link"), Path.of("empty"));
        assertThatThrownBy(() -> TreeComparison.keepsAttributes(original, copy))
                .hasMessageContaining("restored as another link");
    }

    @Test
    void seesWhatIsMissingAndWhatIsTooMuch() throws IOException {
        Files.writeString(copy.resolve("more"), "");
        assertThatThrownBy(() -> TreeComparison.keepsAttributes(original, copy)).hasMessageContaining("never there");
        Files.delete(copy.resolve("more"));
        Files.delete(copy.resolve("file"));
        assertThatThrownBy(() -> TreeComparison.keepsAttributes(original, copy)).hasMessageContaining("not restored");
        assertThatThrownBy(() -> TreeComparison.keepsAttributes(original, folder.resolve("none")))
                .hasMessageContaining("nothing was restored");
    }
}
