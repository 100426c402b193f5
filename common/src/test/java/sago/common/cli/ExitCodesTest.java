package sago.common.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;

class ExitCodesTest {
    @Test
    void theManualNamesTheCodesOfTheDocumentation() throws Exception {
        Path document = Path.of(System.getProperty("basedir", "."), "..", "docs", "OPERATIONS.md");
        String text = Files.readString(document);
        int begin = text.indexOf("## Exit codes");
        List<String> documented = text.substring(begin, text.indexOf("\n## ", begin + 5))
                .lines()
                .filter(line -> line.matches("\\| \\d.*"))
                .map(line -> line.substring(1, line.indexOf('|', 1)).strip())
                .toList();
        assertThat(ExitCodes.MEANINGS.stream().map(ExitCodes.Meaning::codes)).isEqualTo(documented);
    }

    @Test
    void everyFaultEndsWithACodeOfTheTable() {
        Set<String> known =
                ExitCodes.MEANINGS.stream().map(ExitCodes.Meaning::codes).collect(Collectors.toSet());
        assertThat(Arrays.stream(Fault.values()).map(fault -> String.valueOf(fault.exitCode())))
                .allMatch(known::contains);
    }
}
