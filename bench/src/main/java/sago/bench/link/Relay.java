package sago.bench.link;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import sago.common.time.Clock;

/**
 * Stands between a sender and a site on one machine as a link would. Where it delays, all connections share its rate; where it does not, each
 * has the rate for itself. One thread accepts, two or four copy for each connection.
 */
final class Relay implements AutoCloseable {
    private static final int SOCKET_BUFFER_BYTES = 64 << 10;

    private final ServerSocket listening;
    private final InetSocketAddress to;
    private final Link link;
    private final Clock clock;
    private final @Nullable LineRate forward;
    private final @Nullable LineRate backward;
    private final LongAdder toSite = new LongAdder();
    private final LongAdder back = new LongAdder();

    private Relay(ServerSocket listening, InetSocketAddress to, Link link, Clock clock) {
        this.listening = listening;
        this.to = to;
        this.link = link;
        this.clock = clock;
        this.forward = link.rttNs == 0 ? null : new LineRate(link.bytesPerS, clock);
        this.backward = link.rttNs == 0 ? null : new LineRate(link.bytesPerS, clock);
    }

    /**
     * What it is like.
     *
     * @param bytesPerS towards the site; back as well where there is a delay, otherwise without bound
     * @param rttNs that it adds, half of it each way; 0 for none
     */
    record Link(long bytesPerS, long rttNs) {}

    /** Listens on this port of 127.0.0.1, any for 0. */
    static Relay start(int port, InetSocketAddress to, Link link, Clock clock) throws IOException {
        ServerSocket listening = new ServerSocket();
        if (link.rttNs == 0) {
            listening.setReceiveBufferSize(SOCKET_BUFFER_BYTES);
        }
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        Relay relay = new Relay(listening, to, link, clock);
        daemon(relay::accept).start();
        return relay;
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listening.getLocalSocketAddress();
    }

    long toSiteBytes() {
        return toSite.sum();
    }

    long backBytes() {
        return back.sum();
    }

    /** Accepts no more; connections end by themselves. */
    @Override
    public void close() throws IOException {
        listening.close();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Socket site = new Socket();
                if (link.rttNs == 0) {
                    site.setSendBufferSize(SOCKET_BUFFER_BYTES);
                }
                try {
                    site.connect(to);
                    join(client, site);
                } catch (IOException refused) {
                    client.close();
                    site.close();
                }
            } catch (IOException closed) {
                // Either this end of a connection, which its client notices, or the relay.
            }
        }
    }

    private void join(Socket client, Socket site) throws IOException {
        if (forward == null || backward == null) {
            daemon(new RatedPipe(client.getInputStream(), site.getOutputStream(), link.bytesPerS, toSite, clock))
                    .start();
            daemon(new RatedPipe(site.getInputStream(), client.getOutputStream(), Long.MAX_VALUE / 2, back, clock))
                    .start();
            return;
        }
        client.setTcpNoDelay(true);
        site.setTcpNoDelay(true);
        delayed(new DelayedPipe.Ends(client.getInputStream(), site.getOutputStream()), forward, toSite);
        delayed(new DelayedPipe.Ends(site.getInputStream(), client.getOutputStream()), backward, back);
    }

    private void delayed(DelayedPipe.Ends ends, LineRate line, LongAdder copied) {
        DelayedPipe pipe = new DelayedPipe(ends, line, link.rttNs / 2, copied, clock);
        daemon(pipe::read).start();
        daemon(pipe::write).start();
    }

    static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "relay");
        thread.setDaemon(true);
        return thread;
    }
}
