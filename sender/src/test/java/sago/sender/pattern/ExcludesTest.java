package sago.sender.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.tree.EntryKey;
import sago.sender.tree.RawText;

/** Tables of what restic 0.14 excludes and what it does not. */
class ExcludesTest {
    @ParameterizedTest
    @CsvSource({
        "*.o, /a/b.o",
        "*.o, /a.o/b",
        "a, /x/a",
        "a, /a/x/y",
        "a/b, /x/a/b/y",
        "/a, /a/b",
        "/, /anything",
        "/a/*, /a/b/c",
        "foo/**/bar, /x/foo/bar",
        "foo/**/bar, /foo/1/2/bar/z",
        "foo/**, /foo",
        "**, /x",
        "a/, /a",
        "./a, /a",
        "a//b, /a/b",
        "x/../a, /a",
        "/../a, /a",
        "?.txt, /ä.txt",
        "[a-c]x, /bx",
        "[^a-c]x, /dx",
        "'\\*', '/*'",
        "'[*]', '/*'",
        ".*, /home/.cache/x",
        "*, /x"
    })
    void covers(String pattern, String path) throws Exception {
        assertThat(covers(List.of(pattern), path)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "*.o, /a/b.os",
        "a, /x/ab",
        "/a, /x/a",
        "a/b, /a/x/b",
        "/a/*, /a",
        "foo/**/bar, /foo/x",
        "?, /ab",
        "A, /a",
        "'\\*', /x",
        "[a-c], /d",
        "[^a-c], /b",
        "../a, /a",
        "a*b, '/a/b'"
    })
    void doesNotCover(String pattern, String path) throws Exception {
        assertThat(covers(List.of(pattern), path)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "/a/* !/a/keep, /a/keep, false",
        "/a/* !/a/keep, /a/keep/x, false",
        "/a/* !/a/keep, /a/other, true",
        "*.o !keep, /keep/x.o, false",
        "!keep *.o, /keep/x.o, true",
        "*.o !keep *.o, /keep/x.o, true",
        "!x, /x, false"
    })
    void aNegationTakesBackWhatPatternsBeforeItCover(String patterns, String path, boolean covered) throws Exception {
        assertThat(covers(Arrays.asList(patterns.split(" ")), path)).isEqualTo(covered);
    }

    @Test
    void patternsThatIgnoreCaseAreAListOfTheirOwn() throws Exception {
        Excludes excludes = Excludes.of(List.of("!*.JPG"), List.of("*.Jpg", "ÄRGER"));

        assertThat(excludes.cover(key("/a/B.jPG"))).isTrue();
        assertThat(excludes.cover(key("/ärger/x"))).isTrue();
        assertThat(excludes.cover(key("/a/b.png"))).isFalse();
    }

    @Test
    void bytesThatAreNoTextMatchThemselves() throws Exception {
        EntryKey key = EntryKey.ofPath(new byte[] {'/', 'a', (byte) 0xff, 'b'});
        EntryKey other = EntryKey.ofPath(new byte[] {'/', 'a', (byte) 0xfe, 'b'});
        Excludes excludes = Excludes.of(List.of(RawText.of(new byte[] {'a', (byte) 0xff, '*'})), List.of());

        assertThat(excludes.cover(key)).isTrue();
        assertThat(excludes.cover(other)).isFalse();
        assertThat(Excludes.of(List.of("a?b"), List.of()).cover(other)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "!", "a[", "x/[a/b"})
    void refusesWhatIsNoPattern(String pattern) {
        assertThatThrownBy(() -> Excludes.of(List.of(pattern), List.of()))
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.USAGE));
    }

    @Test
    void aPatternFileHasALineForEachPattern() {
        byte[] file = "\ufeff# comment\n\n  *.o  \r\n!keep/# no comment\n\t# comment\n$HOME/x"
                .getBytes(StandardCharsets.UTF_8);

        assertThat(PatternFile.lines(file)).containsExactly("*.o", "!keep/# no comment", "$HOME/x");
    }

    @Test
    void manyStarsDoNotTakeLongerThanTheirLengths() throws Exception {
        String stars = "*a".repeat(100) + "b";
        assertThat(covers(List.of(stars), "/" + "a".repeat(255))).isFalse();
    }

    private static boolean covers(List<String> patterns, String path) throws FaultException {
        return Excludes.of(patterns, List.of()).cover(key(path));
    }

    private static EntryKey key(String path) {
        return EntryKey.ofPath(path.getBytes(StandardCharsets.UTF_8));
    }
}
