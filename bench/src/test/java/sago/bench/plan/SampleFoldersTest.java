package sago.bench.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.bench.data.Change;

/** What belongs to the user is only read. */
class SampleFoldersTest {
    @TempDir
    private Path scratch;

    @Test
    void aFolderOfTheUserIsCopiedBeforeItIsChanged() throws Exception {
        Path theirs = Files.createDirectories(scratch.resolve("theirs/deep"));
        Path file = Files.writeString(theirs.resolve("file"), "theirs");
        FileTime then = FileTime.fromMillis(1_700_000_000_000L);
        Files.setLastModifiedTime(file, then);
        Path work = Files.createDirectory(scratch.resolve("work"));

        Sampled all = new SampleFolders(work).all(scratch.resolve("theirs").toString());
        Change.of(all.folder(), 1).apply();

        assertThat(all.name()).isEqualTo(SampleFolders.ALL);
        assertThat(all.files()).isEqualTo(1);
        assertThat(all.folder().resolve("deep/file")).exists();
        assertThat(Files.readString(all.folder().resolve("deep/file"))).isNotEqualTo("theirs");
        assertThat(file).hasContent("theirs");
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(then);
    }
}
