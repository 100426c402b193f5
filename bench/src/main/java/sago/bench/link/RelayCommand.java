package sago.bench.link;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sago.common.time.Clock;

/** {@code sago bench relay}: stands between a sender and a site and limits the rate of each connection. */
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

    @Override
    public Integer call() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket server = new ServerSocket()) {
            server.setReceiveBufferSize(SOCKET_BUFFER_BYTES);
            server.bind(new InetSocketAddress(loopback, listen));
            terminal.println("relay ready on 127.0.0.1:" + server.getLocalPort());
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
                start(new RatedPipe(client.getInputStream(), site.getOutputStream(), bytesPerS, Clock.system()));
                start(new RatedPipe(
                        site.getInputStream(), client.getOutputStream(), Long.MAX_VALUE / 2, Clock.system()));
            }
        }
    }

    private static void start(RatedPipe pipe) {
        Thread thread = new Thread(pipe, "relay");
        thread.setDaemon(true);
        thread.start();
    }
}
