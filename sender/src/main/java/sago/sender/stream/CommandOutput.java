package sago.sender.stream;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/**
 * What a command prints. It is started when somebody begins to read; its errors go where those of this process go, and it has nothing to read. Only if it
 * ends with status 0 its output is whole.
 */
public final class CommandOutput implements ContentStream.Opener {
    /** After that it is killed. */
    private static final long END_S = 5;

    /** What shells and the JDK add to the number of a signal. */
    private static final int SIGNAL_STATUS = 128;

    private final List<String> command;

    /** @param command and its arguments */
    public CommandOutput(List<String> command) {
        this.command = List.copyOf(command);
    }

    @Override
    public ContentStream open() throws FaultException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        try {
            Process process = builder.start();
            return new Running(command.get(0), process, new StreamPump("command-output", process.getInputStream()));
        } catch (IOException e) {
            throw new FaultException(
                    Fault.FATAL,
                    "cannot start " + command.get(0) + ": " + e.getMessage() + ". Nothing was committed",
                    e);
        }
    }

    private record Running(String name, Process process, StreamPump pump) implements ContentStream {
        @Override
        public int read(byte[] into, int at, int room) throws IOException, InterruptedException {
            return pump.read(into, at, room);
        }

        @Override
        public void requireWhole() throws FaultException, InterruptedException {
            int status = process.waitFor();
            if (status != 0) {
                String how = status > SIGNAL_STATUS
                        ? "was ended by signal " + (status - SIGNAL_STATUS)
                        : "ended with status " + status;
                throw new FaultException(Fault.FATAL, "the command " + name + " " + how + ": nothing was committed");
            }
        }

        @Override
        public void close() {
            pump.stop();
            boolean interrupted = Thread.interrupted();
            List<ProcessHandle> below = process.descendants().toList();
            process.destroy();
            below.forEach(ProcessHandle::destroy);
            try {
                if (!process.waitFor(END_S, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException again) {
                process.destroyForcibly();
                interrupted = true;
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
