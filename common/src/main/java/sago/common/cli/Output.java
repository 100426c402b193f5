package sago.common.cli;

import java.io.PrintStream;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Advice;
import sago.common.fault.Fault;
import sago.common.time.Clock;

/**
 * Where a command's results go: lines for people, or with {@code --json} messages for programs, one JSON object per line. Then stdout holds nothing else;
 * errors go to stderr, which may hold log lines too. A command calls both kinds of methods and only one kind prints. Thread-safe.
 *
 * <p>A command that ends well has exactly one summary, its last message on stdout: it is held back until the command has ended, so that it can name the exit
 * code and the next step. A command that fails has one {@code exit_error}.
 */
public final class Output {
    private static final int RUN_ID_BYTES = 8;

    private final String program;
    private final PrintStream out;
    private final PrintStream err;
    private final Clock clock;
    private final SecureRandom random;

    private @Nullable JsonLines lines;
    private @Nullable Consumer<JsonFields> summary;
    private @Nullable String next;
    private boolean isStdoutTaken;

    /** @param program what a line on stderr begins with */
    public Output(String program, PrintStream out, PrintStream err, Clock clock, SecureRandom random) {
        this.program = program;
        this.out = out;
        this.err = err;
        this.clock = clock;
        this.random = random;
    }

    /** From now on everything is JSON. */
    synchronized void useJson() {
        if (lines == null) {
            byte[] runId = new byte[RUN_ID_BYTES];
            random.nextBytes(runId);
            lines = new JsonLines(clock, HexFormat.of().formatHex(runId));
        }
    }

    /** Whether programs read this. */
    public synchronized boolean json() {
        return lines != null;
    }

    /** The stream of results itself, for a command whose result is bytes. */
    public PrintStream out() {
        return out;
    }

    /** The stream of errors itself, for questions and progress. */
    public PrintStream err() {
        return err;
    }

    /** From now on messages go to stderr, all of them: stdout is for the data that the command was asked for. */
    public synchronized void takeStdout() {
        isStdoutTaken = true;
    }

    /** A line of the result, for people only. */
    public synchronized void line(String line) {
        if (lines == null) {
            (isStdoutTaken ? err : out).println(line);
        }
    }

    /** The command that comes next, with a few words at most: for people at once, for programs in the summary. */
    public synchronized void next(String command) {
        if (lines == null) {
            line("next: " + command);
        } else {
            next = command;
        }
    }

    /** What a person should know and what is no result: a line on stderr, or a message. */
    public synchronized void warning(String message) {
        if (lines == null) {
            err.println(program + ": " + message);
        } else {
            message(MessageType.WARNING, fields -> fields.put("message", message));
        }
    }

    /** A line on stderr about how far a command is, for people only. */
    public synchronized void progress(String line) {
        if (lines == null) {
            err.println(line);
        }
    }

    /** One thing failed while the command goes on: a line on stderr, or an error. */
    public synchronized void error(String during, String item, String message) {
        if (lines == null) {
            err.println(program + ": " + message);
        } else {
            message(
                    MessageType.ERROR,
                    fields ->
                            fields.put("message", message).put("during", during).put("item", item));
        }
    }

    /** A message, for programs only. The summary is held back until the command ends; if there are several, the last one counts. */
    public synchronized void message(MessageType type, Consumer<JsonFields> fields) {
        JsonLines json = lines;
        if (json == null) {
            return;
        }
        if (type == MessageType.SUMMARY) {
            summary = fields;
            return;
        }
        write(type, json.line(type, fields));
    }

    /** Called once when the command has ended by itself. */
    synchronized void ended(int exitCode) {
        JsonLines json = lines;
        if (json == null) {
            return;
        }
        summarize(json, exitCode);
        if (exitCode != ExitCodes.OK && exitCode != ExitCodes.SOURCE_UNREADABLE) {
            exitError(
                    json,
                    exitCode,
                    Fault.ofExitCode(exitCode),
                    "ended with code " + exitCode + ": see the messages before");
        }
    }

    private void summarize(JsonLines json, int exitCode) {
        Consumer<JsonFields> held = summary;
        write(MessageType.SUMMARY, json.line(MessageType.SUMMARY, fields -> {
            fields.put("exit_code", exitCode);
            if (held != null) {
                held.accept(fields);
            }
            if (next != null) {
                fields.put("next", next);
            }
        }));
    }

    /** Called once when the command has failed: a summary that it has given before still counts. */
    synchronized void failed(int exitCode, Fault fault, String message) {
        JsonLines json = lines;
        if (json == null) {
            err.println(program + ": " + message);
            return;
        }
        if (summary != null) {
            summarize(json, exitCode);
        }
        exitError(json, exitCode, fault, message);
    }

    private void exitError(JsonLines json, int exitCode, Fault fault, String message) {
        write(
                MessageType.EXIT_ERROR,
                json.line(
                        MessageType.EXIT_ERROR,
                        fields -> fields.put("code", exitCode)
                                .put("fault", fault.name())
                                .put("retryable", fault.advice() != Advice.STOP)
                                .put("message", message)));
    }

    private void write(MessageType type, byte[] line) {
        PrintStream stream = type.isError() || isStdoutTaken ? err : out;
        stream.write(line, 0, line.length);
        stream.flush();
    }
}
