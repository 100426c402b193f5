package sago.sender.stream;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/** What somebody pipes in. It comes once. */
public final class StandardInput implements ContentStream.Opener {
    private final InputStream stream;
    private final AtomicBoolean opened = new AtomicBoolean();

    public StandardInput(InputStream stream) {
        this.stream = stream;
    }

    @Override
    public ContentStream open() throws FaultException {
        if (!opened.compareAndSet(false, true)) {
            throw new FaultException(
                    Fault.FATAL,
                    "the site lost packs of this backup, and standard input cannot be read a second time: run it again");
        }
        return new Piped(new StreamPump("stdin", stream));
    }

    private record Piped(StreamPump pump) implements ContentStream {
        @Override
        public int read(byte[] into, int at, int room) throws IOException, InterruptedException {
            return pump.read(into, at, room);
        }

        @Override
        public void requireWhole() {}

        @Override
        public void close() {
            pump.stop();
        }
    }
}
