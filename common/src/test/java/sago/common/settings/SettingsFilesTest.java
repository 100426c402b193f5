package sago.common.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;

class SettingsFilesTest {
    @TempDir
    private Path temp = Path.of("");

    private Path write(String name, String text) throws IOException {
        Path file = temp.resolve(name);
        Files.createDirectories(file.resolveSibling("."));
        return Files.writeString(file, text);
    }

    private SettingsFiles.Found read(Path file) throws IOException {
        return SettingsFiles.read(file.toString(), Map.of(), "nobody");
    }

    private void refuses(String text, String... message) throws IOException {
        Path file = write("bad.yaml", text);
        assertThatThrownBy(() -> read(file))
                .isInstanceOfSatisfying(
                        FaultException.class, fault -> assertThat(fault.fault()).isEqualTo(Fault.USAGE))
                .message()
                .contains(message);
    }

    private static Value value(Section section, String key) {
        return Objects.requireNonNull(section.values().get(key));
    }

    @Test
    void namesLineAndColumnOfWhatIsWrong() throws IOException {
        refuses("version: 1\nhome: /x\nhome: /y\n", "bad.yaml:3:1: ", "'home' stands here twice, first in line 2");
        refuses("version: 1\nbackup:\n  json:\n", "bad.yaml:3:8: ", "no value");
        refuses("version: 1\nbackup: {a: ]\n", "bad.yaml:2:13: no YAML here");
        refuses("version: 1\nhome: !secret x\n", "bad.yaml:2:7: ", "tag");
        refuses("version: 1\nexclude: [a, [b]]\n", "bad.yaml:2:14: ", "plain text");
        refuses("version: 1\n? [a]\n: b\n", "bad.yaml:2:3: a key must be");
        refuses("- a\n- b\n", "bad.yaml:1:1: a configuration is");
        refuses("version: 1\na: {b: {c: {d: {e: {f: 1}}}}}\n", "nested too deep");
        refuses("version: 1\na: &x [*x]\n", "plain text");
        refuses("version: 1\n---\nversion: 1\n", "no YAML here");
        refuses("version: 1\nhome: \"a\\0b\"\n", "NUL");
        refuses("home: /x\n", "bad.yaml:1:1: ", "version: 1");
        refuses("version: 2\n", "bad.yaml:1:10: ", "version 1 only");
    }

    @Test
    void refusesWhatIsNoTextOrTooLong() throws IOException {
        Path file = temp.resolve("latin.yaml");
        Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xff});
        assertThatThrownBy(() -> read(file)).hasMessageContaining("is no UTF-8");
        Path large = write("large.yaml", "#".repeat(Limits.SETTINGS_FILE_BYTES_MAX + 1));
        assertThatThrownBy(() -> read(large)).hasMessageContaining("is longer than");
        Path fits = write("fits.yaml", "#".repeat(Limits.SETTINGS_FILE_BYTES_MAX));
        assertThat(read(fits).section().isEmpty()).isTrue();
    }

    @Test
    void aliasesThatGrowWithoutBoundAreRefused() throws IOException {
        StringBuilder bomb = new StringBuilder("version: 1\na0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 40; i++) {
            String before = "*a" + (i - 1);
            bomb.append("a" + i + ": &a" + i + " [" + before + ", " + before + "]\n");
        }
        refuses(bomb.toString(), "Number of aliases");
    }

    @Test
    void filesBesideTheMainOneWinKeyByKeyInTheOrderOfTheirNames() throws IOException {
        Path main = write("sago.yaml", "version: 1\nhome: /a\nsite: sg\nbackup: {class: x, exclude: [p, q]}\n");
        write("conf.d/20.yaml", "version: 1\nhome: /c\n");
        write("conf.d/10.yaml", "version: 1\nhome: /b\nbackup: {exclude: [r]}\n");
        write("conf.d/.hidden.yaml", "nonsense");
        write("conf.d/note.txt", "nonsense");
        SettingsFiles.Found found = read(main);
        assertThat(found.files()).hasSize(3);
        Section section = found.section();
        assertThat(value(section, "home").items()).containsExactly("/c");
        assertThat(value(section, "home").place().toString()).endsWith("20.yaml:2:7");
        assertThat(value(section, "site").items()).containsExactly("sg");
        assertThat(value(section.section("backup"), "exclude").items()).containsExactly("r");
        assertThat(value(section.section("backup"), "class").items()).containsExactly("x");
    }

    @Test
    void aNamedFileMustExistAndTheDefaultOneNeedNot() throws IOException {
        assertThatThrownBy(() -> read(temp.resolve("nothing.yaml")))
                .hasMessageContaining("no configuration at")
                .hasMessageContaining("nothing.yaml");
        Map<String, String> environment = Map.of("HOME", temp.toString());
        assertThat(SettingsFiles.read(null, environment, "nobody").files()).isEmpty();
        Path own = write(".config/sago/sago.yaml", "version: 1\n");
        assertThat(SettingsFiles.read(null, environment, "nobody").files()).isEqualTo(List.of(own));
        assertThat(SettingsFiles.read("", environment, "nobody").files()).isEmpty();
        assertThat(SettingsFiles.byDefault(environment, "root")).isEqualTo(Path.of("/etc/sago/sago.yaml"));
        Path other = write("other.yaml", "version: 1\n");
        assertThat(SettingsFiles.read(null, Map.of("SAGO_CONFIG", other.toString()), "nobody")
                        .files())
                .isEqualTo(List.of(other));
    }
}
