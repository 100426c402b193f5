package sago.sender.source.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathBytesTest {
    @TempDir
    Path folder;

    @Test
    void everyByteSurvivesBothDirections() {
        for (int b = 1; b < 256; b++) {
            if (b == '/') {
                continue;
            }
            byte[] name = {'x', (byte) b, 'y'};
            byte[] alone = {(byte) b};
            assertThat(PathBytes.nameOf(PathBytes.resolve(folder, name))).isEqualTo(name);
            assertThat(PathBytes.nameOf(PathBytes.resolve(folder, alone))).isEqualTo(alone);
            byte[] path = {'/', 'a', '/', (byte) b, '/', 'c'};
            assertThat(PathBytes.of(PathBytes.toPath(path))).isEqualTo(path);
        }
    }

    @Test
    void randomNamesSurviveAFolderOfTheFileSystem() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            byte[] name = new byte[1 + random.nextInt(255)];
            for (int j = 0; j < name.length; j++) {
                name[j] = (byte) (1 + random.nextInt(255));
                name[j] = name[j] == '/' ? (byte) '%' : name[j];
            }
            Path path = PathBytes.resolve(folder, name);
            Files.createDirectory(path);

            try (var stream = Files.newDirectoryStream(folder)) {
                Path found = stream.iterator().next();
                assertThat(PathBytes.nameOf(found)).isEqualTo(name);
                assertThat(PathBytes.of(found)).isEqualTo(PathBytes.of(path));
                assertThat(Files.isDirectory(PathBytes.toPath(PathBytes.of(found))))
                        .isTrue();
            }
            Files.delete(path);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a", "a//b", "a/", "../x", "/x", "/x/", "//x", ".", "/", "é", "é//b", "é/", "../é", "/é/", "//é", "x\ny"
            })
    void linkTargetsKeepEveryByte(String target) throws Exception {
        Path link = folder.resolve("link");
        byte[] bytes = target.getBytes(StandardCharsets.UTF_8);
        TestFiles.makeLink(link, bytes);

        assertThat(PathBytes.of(Files.readSymbolicLink(link))).isEqualTo(bytes);
    }

    @Test
    void refusesRelativePaths() {
        assertThatThrownBy(() -> PathBytes.toPath(new byte[0])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PathBytes.toPath(new byte[] {'a'})).isInstanceOf(IllegalArgumentException.class);
    }
}
