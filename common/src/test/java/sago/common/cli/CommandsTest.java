package sago.common.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.time.Clock;

class CommandsTest {
    @Command(name = "sago", subcommands = Go.class)
    static final class Root {}

    @Command(name = "go")
    static final class Go implements Callable<Integer> {
        static Callable<Integer> action = () -> 0;
        static String seen = "";

        @Option(names = "--home", required = true)
        String home = "";

        @Option(names = "--yes")
        boolean yes;

        @Option(names = "--class")
        List<String> classes = List.of();

        @Parameters(arity = "0..*")
        List<String> paths = List.of();

        @Override
        public Integer call() throws Exception {
            seen = home + " " + yes + " " + classes + " " + paths;
            return action.call();
        }
    }

    private record Outcome(int exit, String err) {}

    private static Outcome run(@Nullable Exception thrown, Map<String, String> environment, String... arguments) {
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        Output output = new Output("sago", System.out, System.err, Clock.system(), new SecureRandom());
        Go.action = () -> {
            if (thrown != null) {
                throw thrown;
            }
            return 0;
        };
        try {
            int exit = Commands.run(output, new Root(), environment, arguments);
            return new Outcome(exit, bytes.toString(StandardCharsets.UTF_8));
        } finally {
            System.setErr(before);
        }
    }

    private static Outcome fail(Exception thrown) {
        return run(thrown, Map.of(), "go", "--home", "h");
    }

    @Test
    void endsWithTheFaultsExitCodeAndOneLine() {
        Outcome outcome = fail(new FaultException(Fault.WRONG_KEY, "the passphrase is wrong:\n try again"));
        assertThat(outcome).isEqualTo(new Outcome(12, "sago: the passphrase is wrong: try again\n"));
    }

    @Test
    void findsTheFaultThatAnotherThreadWrapped() {
        Exception wrapped =
                new CompletionException(new UncheckedIOException(new FaultException(Fault.SITE_FULL, "full")));
        assertThat(fail(wrapped)).isEqualTo(new Outcome(14, "sago: full\n"));
    }

    @Test
    void printsNoStackTraceOfOurOwnMistakes() {
        Outcome outcome = fail(new IllegalStateException("torn"));
        assertThat(outcome.exit).isEqualTo(1);
        assertThat(outcome.err)
                .isEqualTo("sago: internal error: IllegalStateException: torn (SAGO_DEBUG=1 shows where)\n");
    }

    @Test
    void printsAStackTraceOnlyWhereAsked() {
        Outcome outcome = run(new IOException("torn"), Map.of(), "go", "--home", "h", "--verbose");
        assertThat(outcome.err).startsWith("sago: torn").contains("at sago.common.cli");
    }

    @Test
    void namesTheMissingFile() {
        assertThat(fail(new NoSuchFileException("/x/y")).err).isEqualTo("sago: no such file or folder: /x/y\n");
    }

    @Test
    void interruptionEndsWith20() {
        assertThat(fail(new InterruptedException()).exit).isEqualTo(20);
    }

    @Test
    void wrongUsageEndsWith2AndPointsToHelp() {
        Outcome outcome = run(null, Map.of(), "go", "--home", "h", "--nonsense");
        assertThat(outcome.exit).isEqualTo(2);
        assertThat(outcome.err).startsWith("sago: Unknown option: '--nonsense'").endsWith("see: sago go --help\n");
    }

    @Test
    void takesFlagsFromTheEnvironment() {
        Outcome outcome =
                run(null, Map.of("SAGO_HOME", "/srv/h", "SAGO_YES", "1", "SAGO_CLASS", "internal"), "go", "p");
        assertThat(outcome).isEqualTo(new Outcome(0, ""));
        assertThat(Go.seen).isEqualTo("/srv/h true [internal] [p]");
    }

    @Test
    void aFlagWinsOverTheEnvironment() {
        run(null, Map.of("SAGO_HOME", "/srv/h", "SAGO_YES", "0"), "go", "--home", "other");
        assertThat(Go.seen).isEqualTo("other false [] []");
    }

    @Test
    void refusesToRunWithoutARequiredFlag() {
        Outcome outcome = run(null, Map.of(), "go");
        assertThat(outcome.exit).isEqualTo(2);
        assertThat(outcome.err).contains("--home");
    }
}
