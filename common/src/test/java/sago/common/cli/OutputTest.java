package sago.common.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.time.Clock;

class OutputTest {
    /** What a command does with its output. */
    private interface Action {
        int run(Output output) throws Exception;
    }

    @Command(name = "sago")
    private static final class Root implements Callable<Integer> {
        private final Action action;
        private final Output output;

        Root(Action action, Output output) {
            this.action = action;
            this.output = output;
        }

        @Override
        public Integer call() throws Exception {
            return action.run(output);
        }
    }

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(Action action, Map<String, String> environment, String... arguments) {
        Output output = new Output(
                "sago",
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                Clock.system(),
                new SecureRandom());
        return Commands.run(output, new Root(action, output), environment, arguments);
    }

    private static List<Map<String, Object>> messages(ByteArrayOutputStream stream) {
        return stream.toString(UTF_8).lines().map(OutputTest::parse).toList();
    }

    private static Map<String, Object> parse(String line) {
        try {
            return JSON.std.mapFrom(line);
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + line, e);
        }
    }

    private static int work(Output output) {
        output.line("for people");
        output.progress("half");
        output.message(MessageType.SUMMARY, fields -> fields.put("items", 1));
        output.message(MessageType.ITEM, fields -> fields.put("n", 1));
        output.next("sago more");
        return 3;
    }

    @Test
    void printsLinesForPeopleAndNoMessage() {
        assertThat(run(OutputTest::work, Map.of())).isEqualTo(3);
        assertThat(out.toString(UTF_8)).isEqualTo("for people\nnext: sago more\n");
        assertThat(err.toString(UTF_8)).isEqualTo("half\n");
    }

    @Test
    void printsMessagesForProgramsAndTheSummaryLast() throws IOException {
        assertThat(run(OutputTest::work, Map.of(), "--json")).isEqualTo(3);
        List<Map<String, Object>> messages = messages(out);
        assertThat(messages).hasSize(2);
        assertThat(messages.get(0)).containsEntry("message_type", "item").containsEntry("n", 1);
        assertThat(messages.get(1))
                .containsEntry("v", 1)
                .containsEntry("message_type", "summary")
                .containsEntry("exit_code", 3)
                .containsEntry("items", 1)
                .containsEntry("next", "sago more")
                .containsEntry("run_id", messages.get(0).get("run_id"));
        assertThat((String) messages.get(1).get("time")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @Test
    void theVariableStandsForTheFlag() throws IOException {
        run(OutputTest::work, Map.of("SAGO_JSON", "1"));
        assertThat(messages(out)).hasSize(2);
    }

    @Test
    void aFailureIsAnExitErrorOnStderrAfterTheSummarySoFar() throws IOException {
        int exit = run(
                output -> {
                    work(output);
                    throw new FaultException(Fault.SITE_FULL, "no\nroom");
                },
                Map.of(),
                "--json");
        assertThat(exit).isEqualTo(14);
        assertThat(messages(out).get(1)).containsEntry("exit_code", 14);
        assertThat(messages(err)).hasSize(1);
        assertThat(messages(err).get(0))
                .containsEntry("message_type", "exit_error")
                .containsEntry("code", 14)
                .containsEntry("fault", "SITE_FULL")
                .containsEntry("retryable", true)
                .containsEntry("message", "no room");
    }

    @Test
    void wrongUsageIsAnExitErrorToo() throws IOException {
        assertThat(run(OutputTest::work, Map.of(), "--json", "--nonsense")).isEqualTo(2);
        assertThat(out.toString(UTF_8)).isEmpty();
        assertThat(messages(err).get(0))
                .containsEntry("message_type", "exit_error")
                .containsEntry("code", 2);
    }

    @Test
    void whatFollowsTwoDashesBelongsToAnotherProgram() {
        assertThat(run(OutputTest::work, Map.of(), "--", "--json")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).startsWith("sago: ");
    }

    @Test
    void aNameThatIsNoUtf8IsGivenExactlyToo() throws IOException {
        run(
                output -> {
                    output.message(
                            MessageType.ITEM,
                            fields -> fields.bytes("path", new byte[] {'a', (byte) 0xff, '\n'})
                                    .bytes("good", "ü\"".getBytes(UTF_8))
                                    .put("half", "x\ud800y"));
                    return 0;
                },
                Map.of(),
                "--json");
        assertThat(messages(out).get(0))
                .containsEntry("path", "a\ufffd\n")
                .containsEntry("path_base64", "Yf8K")
                .containsEntry("good", "ü\"")
                .containsEntry("half", "x\ufffdy")
                .doesNotContainKey("good_base64");
    }

    @Test
    void whereStdoutIsTheDataMessagesGoToStderr() throws IOException {
        run(
                output -> {
                    output.takeStdout();
                    return work(output);
                },
                Map.of(),
                "--json");
        assertThat(out.size()).isZero();
        assertThat(messages(err)).hasSize(2);
    }
}
