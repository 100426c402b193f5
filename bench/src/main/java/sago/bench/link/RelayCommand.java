package sago.bench.link;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sago.common.time.Clock;

/**
 * {@code sago bench relay}: stands between a sender and a site, limits the rate of each connection and says once a second what went through.
 * Stopped, it is a link that is away. One thread accepts, two copy for each connection, one prints.
 */
@Command(
        name = "relay",
        description = "Relays TCP connections on 127.0.0.1 at a limited rate, until it is stopped.",
        footer = "%nExample: bin/sago bench relay --listen 7444 --to 7443 --rate 5000000")
public final class RelayCommand implements Callable<Integer> {
    private static final int SOCKET_BUFFER_BYTES = 64 << 10;

    @Option(names = "--listen", required = true, paramLabel = "PORT", description = "Port on 127.0.0.1 to listen on.")
    private int listen;

    @Option(names = "--to", required = true, paramLabel = "PORT", description = "Port on 127.0.0.1 to relay to.")
    private int to;

    @Option(
            names = "--rate",
            required = true,
            paramLabel = "BYTES",
            description = "Bytes per second and connection towards the site; the way back is not limited.")
    private long bytesPerS;

    private final PrintStream terminal = System.out;
    private final LongAdder toSite = new LongAdder();
    private final LongAdder back = new LongAdder();

    @Override
    public Integer call() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket server = new ServerSocket()) {
            server.setReceiveBufferSize(SOCKET_BUFFER_BYTES);
            server.bind(new InetSocketAddress(loopback, listen));
            terminal.println("relay ready on 127.0.0.1:" + server.getLocalPort());
            daemon(this::print).start();
            while (true) {
                Socket client = server.accept();
                Socket site = new Socket();
                site.setSendBufferSize(SOCKET_BUFFER_BYTES);
                try {
                    site.connect(new InetSocketAddress(loopback, to));
                } catch (IOException refused) {
                    client.close();
                    site.close();
                    continue;
                }
                start(new RatedPipe(
                        client.getInputStream(), site.getOutputStream(), bytesPerS, toSite, Clock.system()));
                start(new RatedPipe(
                        site.getInputStream(), client.getOutputStream(), Long.MAX_VALUE / 2, back, Clock.system()));
            }
        }
    }

    private void print() {
        for (long printed = 0; ; ) {
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
            long now = toSite.sum() + back.sum();
            if (now != printed) {
                printed = now;
                terminal.println("to the site " + toSite.sum() + " bytes, back " + back.sum());
            }
        }
    }

    private static void start(RatedPipe pipe) {
        daemon(pipe).start();
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "relay");
        thread.setDaemon(true);
        return thread;
    }
}
