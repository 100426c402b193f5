package sago.sender.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sago.sender.source.posix.PathBytes;
import sago.sender.tree.RawText;

class RawArgumentsTest {
    @Test
    void bytesThatTheJvmLostComeBack() {
        byte[] line = line("java", "-cp", "x", "Main", "backup", "a\u00ffb", "\u00c3\u00a4", "");

        String[] raw = RawArguments.of(new String[] {"backup", "a\ufffdb", "??", ""}, line);

        assertThat(raw).containsExactly("backup", "a\udcffb", "\u00e4", "");
    }

    @Test
    void argumentsOfAnotherCommandLineStayAsTheyAre() {
        String[] decoded = {"backup", "b"};

        assertThat(RawArguments.of(decoded, line("java", "Main", "a", "b"))).isSameAs(decoded);
        assertThat(RawArguments.of(decoded, line("b"))).isSameAs(decoded);
        assertThat(RawArguments.of(decoded, new byte[0])).isSameAs(decoded);
    }

    @Test
    void pathsOfAnyBytesAreConverted() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            byte[] path = new byte[1 + random.nextInt(20)];
            for (int at = 0; at < path.length; at++) {
                path[at] = (byte) (at == 0 && random.nextBoolean() ? '/' : 1 + random.nextInt(255));
            }
            path[path.length - 1] = 'x';
            Path converted = new PathConverter().convert(RawText.of(path));
            String expected = new String(path, StandardCharsets.ISO_8859_1).replaceAll("/+", "/");
            assertThat(new String(PathBytes.of(converted), StandardCharsets.ISO_8859_1))
                    .isEqualTo(expected);
        }
        assertThat(new PathConverter().convert("..")).isEqualTo(Path.of(".."));
        assertThat(new PathConverter().convert("./a//b/")).isEqualTo(Path.of("./a/b"));
        assertThat(new PathConverter().convert("/")).isEqualTo(Path.of("/"));
        assertThat(new PathConverter().convert("")).isEqualTo(Path.of(""));
    }

    private static byte[] line(String... words) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (String word : words) {
            line.writeBytes(word.getBytes(StandardCharsets.ISO_8859_1));
            line.write(0);
        }
        return line.toByteArray();
    }
}
