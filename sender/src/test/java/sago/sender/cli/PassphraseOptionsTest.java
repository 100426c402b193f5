package sago.sender.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.keys.Kit;

class PassphraseOptionsTest {
    @TempDir
    Path folder;

    private final List<String> words;

    PassphraseOptionsTest() {
        try (Kit kit = Kit.generate(new SecureRandom())) {
            words = List.copyOf(kit.words());
        }
    }

    @Test
    void readsTheWordsOfTheKit() throws IOException {
        assertThat(wordsOf(String.join(" ", words))).isEqualTo(words);
    }

    @Test
    void readsWordsThatWereCopiedWithTheirNumbers() throws IOException {
        StringBuilder copied = new StringBuilder();
        for (int i = 0; i < words.size(); i++) {
            copied.append(i + 1).append(' ').append(words.get(i)).append(i % 6 == 5 ? "\n" : "   ");
        }
        assertThat(wordsOf(copied.toString())).isEqualTo(words);
    }

    @Test
    void refusesAWordThatIsNone() {
        List<String> damaged = new ArrayList<>(words);
        damaged.set(6, "abandonned");
        refuses(Fault.WRONG_KEY, () -> wordsOf(String.join(" ", damaged)));
    }

    @Test
    void refusesAKitFileThatIsNotThere() {
        PassphraseOptions options = CommandLine.populateCommand(
                new PassphraseOptions(), "--kit", folder.resolve("none").toString());
        refuses(Fault.USAGE, options::kit);
    }

    @Test
    void hasNoKitWhereNoneIsNamed() throws IOException {
        assertThat(CommandLine.populateCommand(new PassphraseOptions()).kit()).isNull();
    }

    private List<String> wordsOf(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("kit"), text);
        PassphraseOptions options = CommandLine.populateCommand(new PassphraseOptions(), "--kit", file.toString());
        try (Kit kit = Objects.requireNonNull(options.kit())) {
            return kit.words();
        }
    }

    private static void refuses(Fault fault, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FaultException.class,
                        thrown -> assertThat(thrown.fault()).isEqualTo(fault));
    }
}
