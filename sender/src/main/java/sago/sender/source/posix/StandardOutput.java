package sago.sender.source.posix;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.io.OutputStream;

/** The process's standard output, unbuffered; tells a reader that went away from a disk that is full. Confined to one thread. */
public final class StandardOutput extends OutputStream {
    private static final int DESCRIPTOR = 1;

    private final NativeMemory memory = new NativeMemory(Scratch.BYTES);

    /** Whoever read it has closed it: there is nothing more to do, and nothing wrong. */
    public static final class Closed extends IOException {
        private static final long serialVersionUID = 1L;

        Closed(LastErrorException cause) {
            super("standard output was closed", cause);
        }
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            int piece = Math.min(length - done, memory.bytes());
            memory.view().put(0, bytes, offset + done, piece);
            done += writeSome(piece);
        }
    }

    private int writeSome(int length) throws IOException {
        while (true) {
            try {
                return (int) LibDescriptor.write(DESCRIPTOR, memory.address(), length);
            } catch (LastErrorException e) {
                if (e.getErrorCode() == Errno.EPIPE) {
                    throw new Closed(e);
                }
                if (e.getErrorCode() != Errno.EINTR) {
                    throw DescriptorFault.of("write to standard output", e);
                }
            }
        }
    }
}
