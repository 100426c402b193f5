package sago.bench.link;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sago.common.time.Clock;

/**
 * {@code sago bench relay}: stands between a sender and a site, limits the rate, adds delay, and says once a second what went through. Stopped, it
 * is a link that is away.
 */
@Command(
        name = "relay",
        mixinStandardHelpOptions = true,
        description = "Relays TCP connections on 127.0.0.1 at a limited rate, until it is stopped.",
        footer = "%nExample: bin/sago bench relay --listen 7444 --to 7443 --rate 5000000")
public final class RelayCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

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

    @Option(
            names = "--rtt",
            defaultValue = "0",
            paramLabel = "MS",
            description =
                    "Round trip to add, half of it each way; all connections together then share the rate (default 0).")
    private int rttMs;

    private final PrintStream terminal = System.out;

    @Override
    public Integer call() throws IOException {
        if (bytesPerS < 1 || rttMs < 0 || rttMs > 60_000) {
            throw new ParameterException(
                    spec.commandLine(), "--rate must be at least 1 byte per second, --rtt from 0 to 60000 ms");
        }
        InetSocketAddress site = new InetSocketAddress(InetAddress.getLoopbackAddress(), to);
        Relay.Link link = new Relay.Link(bytesPerS, TimeUnit.MILLISECONDS.toNanos(rttMs));
        try (Relay relay = Relay.start(listen, site, link, Clock.system())) {
            terminal.println("relay ready on 127.0.0.1:" + relay.address().getPort());
            for (long printed = 0; ; ) {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
                long now = relay.toSiteBytes() + relay.backBytes();
                if (now != printed) {
                    printed = now;
                    terminal.println("to the site " + relay.toSiteBytes() + " bytes, back " + relay.backBytes());
                }
            }
        }
    }
}
