package sago.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A TCP relay on this machine that cuts connections at random offsets, in either direction, by seed. Its target may change: a
 * site that was started again has another port. Closing it ends every connection and waits for its threads.
 */
final class FaultyLink implements AutoCloseable {
    private static final int BUFFER_BYTES = 16 << 10;
    private static final int CONNECT_TIMEOUT_MS = 5000;

    private final ServerSocket listening;
    private final Random random;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger cuts = new AtomicInteger();
    private @Nullable InetSocketAddress target;
    private int cutBytesMin;
    private int cutBytesMax;
    private boolean closed;

    /** Leads nowhere until it has a {@link #target}. */
    FaultyLink(long seed) throws IOException {
        this.random = new Random(seed);
        this.listening = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Connections that were cut so far. */
    int cuts() {
        return cuts.get();
    }

    /** Where new connections lead from now on. */
    synchronized void target(InetSocketAddress to) {
        target = to;
    }

    /** From now on each direction of a new connection is cut after so many bytes, chosen between these. */
    synchronized void cutBetween(int bytesMin, int bytesMax) {
        cutBytesMin = bytesMin;
        cutBytesMax = bytesMax;
    }

    /** New connections live from now on. */
    synchronized void calm() {
        cutBytesMax = 0;
    }

    /** Cuts every connection that there is. */
    void cutAll() {
        sockets.forEach(FaultyLink::closeQuietly);
    }

    private synchronized void start(Runnable task) {
        if (!closed) {
            Thread thread = new Thread(task, "faulty-link");
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private void accept() {
        try {
            while (true) {
                relay(listening.accept());
            }
        } catch (IOException end) {
            // The listener was closed.
        }
    }

    private void relay(Socket client) {
        Socket site = new Socket();
        sockets.add(client);
        sockets.add(site);
        long up;
        long down;
        @Nullable InetSocketAddress to;
        synchronized (this) {
            to = target;
            up = allowance();
            down = allowance();
        }
        try {
            if (to == null) {
                throw new ConnectException("no target");
            }
            site.connect(to, CONNECT_TIMEOUT_MS);
            start(() -> copy(client, site, up));
            start(() -> copy(site, client, down));
        } catch (IOException unreachable) {
            end(client, site);
        }
    }

    private long allowance() {
        return cutBytesMax == 0 ? Long.MAX_VALUE : cutBytesMin + random.nextInt(cutBytesMax - cutBytesMin);
    }

    private void copy(Socket from, Socket to, long allowedBytes) {
        byte[] buffer = new byte[BUFFER_BYTES];
        long left = allowedBytes;
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0 && left > 0; n = in.read(buffer)) {
                int passed = (int) Math.min(n, left);
                out.write(buffer, 0, passed);
                left -= passed;
                if (left == 0) {
                    cuts.incrementAndGet();
                    break;
                }
            }
        } catch (IOException end) {
            // Either end closed it, or it was cut.
        } finally {
            end(from, to);
        }
    }

    private void end(Socket one, Socket other) {
        closeQuietly(one);
        closeQuietly(other);
        sockets.remove(one);
        sockets.remove(other);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // It is closed either way.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        List<Thread> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(threads);
        }
        cutAll();
        boolean interrupted = false;
        for (Thread thread : all) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
