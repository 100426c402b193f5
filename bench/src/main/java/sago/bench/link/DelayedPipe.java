package sago.bench.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import sago.common.time.Clock;

/**
 * Copies one direction of a connection over a line that all connections share, and delays it. What is under way is bounded, as by the
 * socket buffers of hosts at the ends of a long line. Two threads: {@link #read} and {@link #write}.
 */
final class DelayedPipe {
    /** What is under way of one connection at most: the payload that fits into the usual largest send buffer of 4 MiB. */
    static final int UNDER_WAY_BYTES = 2 << 20;

    private static final int BUFFER_BYTES = 64 << 10;

    private final InputStream from;
    private final OutputStream to;
    private final LineRate line;
    private final long delayNs;
    private final LongAdder copied;
    private final Clock clock;
    private final ArrayDeque<Parcel> parcels = new ArrayDeque<>();
    private int underWay;
    private boolean ended;

    /** Bytes that arrive at a time. */
    private static final class Parcel {
        final byte[] bytes;
        final long dueNs;

        Parcel(byte[] bytes, long dueNs) {
            this.bytes = bytes;
            this.dueNs = dueNs;
        }
    }

    DelayedPipe(Ends ends, LineRate line, long delayNs, LongAdder copied, Clock clock) {
        this.from = ends.from;
        this.to = ends.to;
        this.line = line;
        this.delayNs = delayNs;
        this.copied = copied;
        this.clock = clock;
    }

    /** Where bytes come from and go to; the pipe closes both. */
    record Ends(InputStream from, OutputStream to) {}

    /** Until the connection ends. */
    void read() {
        try (from) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                if (!put(Arrays.copyOf(buffer, n))) {
                    break;
                }
            }
        } catch (IOException | InterruptedException end) {
            // The other end hears of it from the writer.
        } finally {
            end();
        }
    }

    /** Until the connection ends. */
    void write() {
        try (to) {
            for (Parcel next = take(); next != null; next = take()) {
                for (long wait = next.dueNs - clock.monotonicNs(); wait > 0; wait = next.dueNs - clock.monotonicNs()) {
                    LockSupport.parkNanos(wait);
                }
                to.write(next.bytes);
                copied.add(next.bytes.length);
                arrived(next.bytes.length);
            }
        } catch (IOException | InterruptedException end) {
            // The reader sees the end flag.
        } finally {
            end();
        }
    }

    private boolean put(byte[] bytes) throws InterruptedException {
        int length = bytes.length;
        long due = line.send(length) + delayNs;
        synchronized (this) {
            while (!ended && underWay >= UNDER_WAY_BYTES) {
                wait();
            }
            underWay += length;
            parcels.add(new Parcel(bytes, due));
            notifyAll();
            return !ended;
        }
    }

    private synchronized @Nullable Parcel take() throws InterruptedException {
        while (!ended && parcels.isEmpty()) {
            wait();
        }
        return parcels.poll();
    }

    private synchronized void arrived(int length) {
        underWay -= length;
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }
}
