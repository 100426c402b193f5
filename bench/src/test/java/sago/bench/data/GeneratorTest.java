package sago.bench.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorTest {
    @TempDir
    private Path folder;

    private static DataSet.Contents write(DataSet set, Path to, int threads) throws IOException {
        return new Generator(set, Layout.of(set)).write(to, threads);
    }

    private static List<Path> entries(Path top) throws IOException {
        try (Stream<Path> all = Files.walk(top)) {
            return all.filter(path -> !path.equals(top)).sorted().toList();
        }
    }

    private static String digest(Path top) throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (Path path : entries(top)) {
            digest.update(top.relativize(path).toString().getBytes(StandardCharsets.UTF_8));
            if (Files.isSymbolicLink(path)) {
                digest.update(Files.readSymbolicLink(path).toString().getBytes(StandardCharsets.UTF_8));
            } else if (Files.isRegularFile(path)) {
                digest.update(Files.readAllBytes(path));
                digest.update(Files.getLastModifiedTime(path).toString().getBytes(StandardCharsets.UTF_8));
                digest.update(Files.getPosixFilePermissions(path).toString().getBytes(StandardCharsets.UTF_8));
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tree:8M", "logs:4M", "random:4M", "small:300"})
    void theSameSeedGivesTheSameBytesWithAnyNumberOfThreads(String text) throws Exception {
        write(DataSets.parse(text, 5), folder.resolve("a"), 1);
        write(DataSets.parse(text, 5), folder.resolve("b"), 3);
        write(DataSets.parse(text, 6), folder.resolve("c"), 2);
        assertThat(digest(folder.resolve("a")))
                .isEqualTo(digest(folder.resolve("b")))
                .isNotEqualTo(digest(folder.resolve("c")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tree:9K",
                "tree:1M",
                "tree:20M",
                "logs:1K",
                "logs:3M",
                "random:1.000001M",
                "small:1",
                "small:257"
            })
    void writesExactlyTheBytesAndEntriesThatItSays(String text) throws Exception {
        DataSet set = DataSets.parse(text, 1);
        DataSet.Contents contents = set.generate(folder.resolve("data"));
        long bytes = 0;
        for (Path path : entries(folder.resolve("data"))) {
            bytes += Files.isSymbolicLink(path) || Files.isDirectory(path) ? 0 : Files.size(path);
        }
        assertThat(bytes).isEqualTo(set.bytes()).isEqualTo(contents.bytes());
        assertThat(entries(folder.resolve("data"))).hasSize(Math.toIntExact(contents.entries()));
    }

    @Test
    void aDefaultTreeHasTheEntriesOfASystem() {
        Layout layout = Layout.of(DataSets.parse("tree", 1));
        int entries =
                layout.files().size() + layout.folders().size() + layout.links().size();
        assertThat(entries).isBetween(73_500, 74_500);
        assertThat(layout.files().stream().filter(file -> file.bytes() < 4096).count())
                .isBetween(entries / 2L, entries * 6L / 10);
        assertThat(layout.files().stream()
                        .mapToLong(Layout.FilePlan::bytes)
                        .max()
                        .orElseThrow())
                .isBetween(50_000_000L, 1_500_000_000L);
        assertThat(layout.links()).isNotEmpty();
    }

    @Test
    void aDefaultSetOfSmallFilesHasAHundredThousand() {
        Layout layout = Layout.of(DataSets.parse("small", 1));
        assertThat(layout.files()).hasSize(100_000);
        assertThat(layout.files().stream().mapToLong(Layout.FilePlan::bytes).sum())
                .isEqualTo(819_200_000L);
    }

    @ParameterizedTest
    @CsvSource({"logs:16M,2.3,2.55", "random:8M,0.98,1.0", "tree:64M,1.75,2.3"})
    void compressesAsRealDataOfItsKindDo(String text, double least, double most) throws Exception {
        DataSets.parse(text, 1).generate(folder.resolve("data"));
        LZ4Compressor fast = LZ4Factory.fastestInstance().fastCompressor();
        long plain = 0;
        long packed = 0;
        for (Path path : entries(folder.resolve("data"))) {
            if (Files.isRegularFile(path)) {
                byte[] all = Files.readAllBytes(path);
                for (int at = 0; at < all.length; at += 1 << 20) {
                    byte[] block = Arrays.copyOfRange(all, at, Math.min(all.length, at + (1 << 20)));
                    plain += block.length;
                    packed += fast.compress(block).length;
                }
            }
        }
        assertThat((double) plain / packed).isBetween(least, most);
    }

    @Test
    void refusesAFolderThatHoldsSomething() throws IOException {
        Files.writeString(folder.resolve("mine"), "precious");
        assertThatThrownBy(() -> DataSets.parse("small:1", 1).generate(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is not empty");
        assertThat(folder.resolve("mine")).hasContent("precious");
    }

    @Test
    void aChangeIsOneHundredthAndCanBeTakenBack() throws Exception {
        Path data = folder.resolve("data");
        DataSets.parse("small:2000", 1).generate(data);
        DataSets.parse("random:60M", 1).generate(data.resolve("large"));
        String before = digest(data);
        Change change = Change.of(data, 3);
        assertThat(change.bytes()).isBetween(500_000L, 1_000_000L);
        assertThat(change.files()).isBetween(8L, 40L);
        change.apply();
        assertThat(digest(data)).isNotEqualTo(before);
        change.revert();
        assertThat(digest(data)).isEqualTo(before);
    }

    @Test
    void aChangeOfFewFilesChangesAtLeastOne() throws Exception {
        DataSets.parse("small:2", 1).generate(folder);
        String before = digest(folder);
        Change.of(folder, 1).apply();
        assertThat(digest(folder)).isNotEqualTo(before);
    }
}
