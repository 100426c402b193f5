package sago.sender.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.tree.EntryKey;
import sago.sender.tree.TestEntries;

class PathPatternTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '"',
            value = {
                "/a/b /a/b true",
                "/a/b /a false",
                "/a/b /a/b/c false",
                "/a/b/ /a/b true",
                "//a///b /a/b true",
                "/ / true",
                "/ /a false",
                "b /a/b true",
                "b /b true",
                "b /b/c false",
                "a/b /x/a/b true",
                "*.log /var/log/x.log true",
                "*.log /var/log/x.logs false",
                "/a/*/c /a/b/c true",
                "/a/*/c /a/b/b/c false",
                "/a/**/c /a/b/b/c true",
                "/a/**/c /a/c true",
                "/a/** /a/b/c true",
                "/a/**/b/**/c /a/x/b/y/z/c true",
                "/a/**/b/**/c /a/x/y/z/c false",
                "/a? /ab true",
                "/a? /a한 true",
                "/a? /abc false",
                "/a[b-d] /ac true",
                "/a[b-d] /ae false",
                "/a[!b-d] /ae true",
                "/a[]] /a] true",
                "/a[-x] /a- true",
                "/한* /한국 true",
                "\\*x /*x true",
                "\\*x /yx false",
                "/a*b*c /a-b-b-c true",
                "/a*b*c /a-c-b false",
                "/*a*a*a*a*b /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa false"
            })
    void matchesWholePaths(String pattern, String path, boolean matches) throws Exception {
        assertThat(PathPattern.parse(pattern).matches(TestEntries.key(path))).isEqualTo(matches);
    }

    @Test
    void matchesBytesThatAreNoText() throws Exception {
        EntryKey key = EntryKey.ofPath(new byte[] {'/', 'a', (byte) 0xff, (byte) 0xc3, 'b'});

        assertThat(PathPattern.parse("/a??b").matches(key)).isTrue();
        assertThat(PathPattern.parse("/a*").matches(key)).isTrue();
        assertThat(PathPattern.parse("/a?b").matches(key)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {"/a/b /a/b", "/a/*/c /a", "/a/b*/c /a", "/** /", "x /", "/a/\\*/c /a/*/c", "/ /"})
    void knowsWhereToLook(String pattern, String within) throws Exception {
        assertThat(PathPattern.parse(pattern).within()).isEqualTo(TestEntries.key(within));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "/a/../b", "./a", "/a[b"})
    void refusesPatternsThatCanMatchNothing(String pattern) {
        assertThatThrownBy(() -> PathPattern.parse(pattern))
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.USAGE));
    }
}
